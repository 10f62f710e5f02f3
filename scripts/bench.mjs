// npm run bench: sets up, builds, and compares Hebb with its rivals. Arguments are passed to the benchmark.
import { spawnSync } from 'node:child_process'
import { build } from './build.mjs'
import { node, root } from './shell.mjs'

await build({ selftest: true }) // The selftest artifact exports the bare kernels.
process.exitCode =
  spawnSync(node(), ['bench/run.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' }).status ?? 1
