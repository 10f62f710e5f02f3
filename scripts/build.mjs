// Builds the WebAssembly artifacts and the package.
import { fileURLToPath } from 'node:url'
import { buildWasm } from './build-wasm.mjs'
import { setup } from './setup.mjs'
import { node, run, say } from './shell.mjs'

/** Builds what is out of date. */
export function build({ selftest = false } = {}) {
  buildWasm({ selftest })
  say('building the package')
  run(node(), ['../../node_modules/tsup/dist/cli-default.js', '--silent'], { cwd: 'packages/hebb' })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup()
  build()
}
