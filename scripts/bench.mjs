// npm run bench: sets up, builds, and measures Hebb against its rivals. Arguments go to the benchmark.
import { spawnSync } from 'node:child_process'
import { build } from './build.mjs'
import { setup } from './setup.mjs'
import { node, root } from './shell.mjs'

setup()
build({ selftest: true }) // The bare kernels are reached there.
process.exitCode =
  spawnSync(node(), ['bench/run.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' }).status ?? 1
