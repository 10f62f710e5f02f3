// npm start: sets up, builds, and trains LeNet-5 on MNIST. Arguments are passed to the example.
import { spawnSync } from 'node:child_process'
import { build } from './build.mjs'
import { setup } from './setup.mjs'
import { node, root } from './shell.mjs'

setup()
await build()
const args = ['packages/examples/11-lenet/main.ts', ...process.argv.slice(2)]
process.exitCode = spawnSync(node(), args, { cwd: root, stdio: 'inherit' }).status ?? 1
