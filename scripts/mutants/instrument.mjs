// The package's sources with all mutants in them, each behind a switch, by Stryker's instrumenter; and their bundle.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, run, say } from '../shell.mjs'

const INSTRUMENTER = '10.1.1'
const PACKAGE = join(root, 'packages', 'hebb')
export const folder = join(root, 'target', 'mutants')
export const dist = join(folder, 'dist')

/** Mutants of messages and names say little: tests look at what an error is, not at its wording. */
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
    // Those of an excluded kind are listed, but not in the sources.
    mutants: mutants
      .filter(({ status }) => status !== 'Ignored')
      .map(({ id, fileName, location, replacement, mutatorName }) => {
        const original = cut(texts.get(fileName), location)
        const file = relative(root, fileName)
        return { id, file, line: location.start.line + 1, mutator: mutatorName, original, replacement }
      }),
  }
}

/** The text between two positions, which count from 0. */
function cut(text, { start, end }) {
  const lines = text.split('\n').slice(start.line, end.line + 1)
  lines.push(lines.pop().slice(0, end.column))
  lines[0] = lines[0].slice(start.column)
  return lines.join('\n')
}

/** Bundles the instrumented sources as the package is bundled, without types and unminified. */
export async function bundle(contents) {
  const { build } = await import('tsup')
  const { default: config } = await import(pathToFileURL(join(PACKAGE, 'tsup.config.ts')))
  const instrumented = {
    name: 'instrumented',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        contents.has(path) ? { contents: contents.get(path), loader: 'ts' } : undefined,
      )
    },
  }
  await build({
    ...config,
    config: false,
    silent: true,
    entry: Object.fromEntries(
      Object.entries(config.entry).map(([name, path]) => [name, join(PACKAGE, path)]),
    ),
    tsconfig: join(root, 'tsconfig.json'),
    outDir: dist,
    dts: false,
    minify: false,
    esbuildPlugins: [...config.esbuildPlugins, instrumented],
    async onSuccess() {
      for (const name of ['simd128', 'relaxed']) {
        copyFileSync(join(PACKAGE, 'wasm', name, 'hebb_wasm_bg.wasm'), join(dist, `hebb-${name}.wasm`))
      }
    },
  })
}
