// npm run matrix [-- WORD …]: sets up, builds, and runs the packed package in runtimes, bundlers and browsers, all or those whose
// names contain a word; all of them write docs/compatibility.md. What they need is installed once, in the folder hebb-matrix of
// temporary files.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { chromium, firefox, webkit } from './browsers.mjs'
import { build } from './build.mjs'
import { node, root } from './shell.mjs'

await build({ tests: true })
webkit()
const env = { ...process.env, CHROMIUM: chromium(), FIREFOX: firefox() }
const main = join(root, 'test', 'matrix', 'main.mjs')
process.exitCode =
  spawnSync(node(), [main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env }).status ?? 1
