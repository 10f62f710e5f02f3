// Builds the WebAssembly artifacts and the package.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWasm } from './build-wasm.mjs'
import { setup } from './setup.mjs'
import { files, node, root, run, say } from './shell.mjs'

const PACKAGE = join(root, 'packages', 'hebb')

function inputs() {
  const hash = createHash('sha256')
  const paths = [
    'src',
    'wasm/simd128',
    'wasm/relaxed',
    'tsup.config.ts',
    'package.json',
    '../../tsconfig.json',
  ]
  for (const file of paths.flatMap((path) => files(join(PACKAGE, path)))) hash.update(readFileSync(file))
  return hash.digest('hex')
}

/** Builds all outdated artifacts and the package; for the options see {@link buildWasm}. */
export async function build(options = {}) {
  await buildWasm(options)
  const hash = inputs()
  const stamp = join(PACKAGE, 'dist', '.inputs')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  say('building the package')
  run(node(), ['../../node_modules/tsup/dist/cli-default.js', '--silent'], { cwd: PACKAGE })
  writeFileSync(stamp, hash)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup()
  await build()
}
