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
    'wasm/classic',
    'wasm/images',
    'weights',
    'tsup.config.ts',
    '../../scripts/unshared.mjs',
    'package.json',
    '../../tsconfig.json',
  ]
  for (const file of paths
    .map((path) => join(PACKAGE, path))
    .filter(existsSync)
    .flatMap(files))
    hash.update(readFileSync(file))
  return hash.digest('hex')
}

/** Sets up what is missing (`tests`: Chromium too), and builds all outdated artifacts, as {@link buildWasm}, and the package. */
export async function build({ tests = false, ...artifacts } = {}) {
  await buildWasm({ ...artifacts, ready: setup({ tests }) })
  const hash = inputs()
  const stamp = join(PACKAGE, 'dist', '.inputs')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  say('building the package')
  run(node(), ['../../node_modules/tsup/dist/cli-default.js', '--silent'], { cwd: PACKAGE })
  writeFileSync(stamp, hash)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build()
}
