// npm run dev: sets up, builds, and serves the playground. Arguments go to Vite: `build` makes the static page
// in packages/playground/dist, `preview` serves that.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from './build.mjs'
import { setup } from './setup.mjs'
import { node, root } from './shell.mjs'

setup()
build()
const args = ['../../node_modules/vite/bin/vite.js', ...process.argv.slice(2)]
process.exitCode =
  spawnSync(node(), args, { cwd: join(root, 'packages', 'playground'), stdio: 'inherit' }).status ?? 1
