// Whether TypeScript finds the types of every module: arethetypeswrong, with the rules for packages of ES modules.
import { readFileSync } from 'node:fs'
import { app, tarball } from './app.mjs'

/** Its report if something is wrong, else undefined. */
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
