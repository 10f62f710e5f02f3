// npm start: sets up, builds, and trains LeNet-5 on MNIST. Arguments are passed to the example.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { node, root } from './shell.mjs'

const given = process.argv.slice(2)
const { simd = 'relaxed' } = parseArgs({
  args: given,
  options: { simd: { type: 'string' } },
  strict: false,
}).values
// Of the artifacts only the one that it runs: two minutes less, once.
await build({
  classic: false,
  images: false,
  ...(['relaxed', 'simd128'].includes(simd) && { variants: [simd] }),
})
const args = ['packages/examples/11-lenet/main.ts', ...given]
process.exitCode = spawnSync(node(), args, { cwd: root, stdio: 'inherit' }).status ?? 1
