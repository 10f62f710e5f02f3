// npm run dev: sets up, builds, and serves the playground. Arguments are passed to Vite: `build` writes the static page
// to packages/playground/dist, `preview` serves it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from './build.mjs'
import { node, root } from './shell.mjs'

await build()
const args = ['../../node_modules/vite/bin/vite.js', ...process.argv.slice(2)]
process.exitCode =
  spawnSync(node(), args, { cwd: join(root, 'packages', 'playground'), stdio: 'inherit' }).status ?? 1
