// The package's sources with all mutants in them, each with a switch, by Stryker's instrumenter; and their bundle.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { node, root, run, say } from '../shell.mjs'

const INSTRUMENTER = '10.1.1'
const PACKAGE = join(root, 'packages', 'hebb')
export const folder = join(root, 'target', 'mutants')
const work = join(folder, 'work')
const copy = join(work, 'packages', 'hebb')
export const dist = join(copy, 'dist')

/** Mutants of messages and names mean little: tests check the kind of an error, not its wording. */
const EXCLUDED = ['StringLiteral']

/** Every mutant of some files, the sources that contain them, and the original texts. */
export async function instrument(files) {
  mkdirSync(folder, { recursive: true })
  const name = '@stryker-mutator/instrumenter'
  const { resolve } = createRequire(join(folder, 'index.js'))
  if (!existsSync(join(folder, 'node_modules', name))) {
    say(`installing ${name} ${INSTRUMENTER}`)
    run('npm', ['install', '--silent', '--ignore-scripts', '--prefix', folder, `${name}@${INSTRUMENTER}`])
  }
  const { Instrumenter } = await import(pathToFileURL(resolve(name)))
  const logger = new Proxy({}, { get: () => () => false })
  const sources = files.map((file) => ({ name: file, mutate: true, content: readFileSync(file, 'utf8') }))
  const options = { plugins: null, excludedMutations: EXCLUDED, ignorers: [] }
  const { files: instrumented, mutants } = await new Instrumenter(logger).instrument(sources, options)
  const texts = new Map(sources.map(({ name, content }) => [name, content]))
  return {
    contents: new Map(instrumented.map(({ name, content }) => [name, content])),
    // Mutants of an excluded kind are listed, but are not in the sources.
    mutants: mutants
      .filter(({ status }) => status !== 'Ignored')
      .map(({ id, fileName, location, replacement, mutatorName }) => {
        const original = cut(texts.get(fileName), location)
        const file = relative(root, fileName)
        return { id, file, line: location.start.line + 1, mutator: mutatorName, original, replacement }
      }),
  }
}

/** The text between two positions; positions count from 0. */
function cut(text, { start, end }) {
  const lines = text.split('\n').slice(start.line, end.line + 1)
  lines.push(lines.pop().slice(0, end.column))
  lines[0] = lines[0].slice(start.column)
  return lines.join('\n')
}

/** Bundles a copy of the package with these sources, as for publishing but without types and minifying. */
export function bundle(contents) {
  rmSync(work, { recursive: true, force: true })
  for (const name of ['src', 'package.json', 'tsup.config.ts']) {
    cpSync(join(PACKAGE, name), join(copy, name), { recursive: true })
  }
  cpSync(join(root, 'tsconfig.json'), join(work, 'tsconfig.json'))
  symlinkSync(join(PACKAGE, 'wasm'), join(copy, 'wasm'))
  for (const [file, content] of contents) writeFileSync(join(copy, relative(PACKAGE, file)), content)
  const tsup = join(root, 'node_modules', 'tsup', 'dist', 'cli-default.js')
  run(node(), [tsup, '--silent', '--no-minify', '--no-dts'], { cwd: copy })
}
