// Whether TypeScript finds the types of every module, and compiles them in its old and new versions.
import { readFileSync, writeFileSync } from 'node:fs'
import { app, tarball } from './app.mjs'

/** The report of arethetypeswrong, with the rules for packages of ES modules, if something is wrong, else undefined. */
export function wrongTypes() {
  const { at, bin, run } = app('types', { packages: { '@arethetypeswrong/cli': '0.18.5' } })
  const { exports } = JSON.parse(readFileSync(at('node_modules/hebb/package.json'), 'utf8'))
  // Files that are no modules.
  const assets = Object.keys(exports).filter((path) => typeof exports[path] === 'string')
  const args = ['--profile', 'esm-only', '--exclude-entrypoints', ...assets]
  try {
    run(process.execPath, [bin('attw'), tarball(), ...args])
  } catch (error) {
    return error.message
  }
}

const VERSIONS = ['5.2.2', '5.5.4', '5.9.3', '6.0.3', '7.0.2']
/** Files of types are checked too, as a program may ask for. */
const compilerOptions = {
  module: 'node16',
  moduleResolution: 'node16',
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
}

/** Compiles a program that imports every module that has types; what the compiler reports, or undefined. */
const compile = (version) => () => {
  const files = { 'tsconfig.json': JSON.stringify({ compilerOptions, files: ['use.mts'] }) }
  const { at, bin, run } = app(`typescript-${version}`, { packages: { typescript: version }, files })
  const { exports } = JSON.parse(readFileSync(at('node_modules/hebb/package.json'), 'utf8'))
  const paths = Object.keys(exports).filter((path) => exports[path].types)
  const lines = paths.map((path, i) => `import * as m${i} from '${path.replace('.', 'hebb')}'`)
  writeFileSync(at('use.mts'), `${lines.join('\n')}\nexport const all = [${paths.map((_, i) => `m${i}`)}]\n`)
  try {
    run(process.execPath, [bin('tsc'), '-p', '.'])
  } catch (error) {
    return error.message
  }
}

export const compilers = VERSIONS.map((version) => ({
  name: `TypeScript ${version.replace(/\.\d+$/, '')}`,
  version,
  compile: compile(version),
}))
