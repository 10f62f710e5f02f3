// npm run mutants: sets up, builds, and measures how strong the tests are. Arguments are passed to mutants/run.mjs.
import { spawnSync } from 'node:child_process'
import { build } from './build.mjs'
import { node, root } from './shell.mjs'

await build()
process.exitCode =
  spawnSync(node(), ['scripts/mutants/run.mjs', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
    .status ?? 1
