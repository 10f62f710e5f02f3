// npm run sizes: builds the package, and writes docs/sizes.md: what each module and file of the package costs when it is sent.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from './build.mjs'
import { root } from './shell.mjs'

const PACKAGE = join(root, 'packages', 'hebb')
/** Modules that a program installs itself, and those of Node. */
const EXTERNAL = ['@observablehq/plot', 'linkedom', 'koffi', 'node:*']

const kilobytes = (bytes) => (bytes / 1000).toFixed(1)
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0)
const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length

/** A module of the package, bundled and minified as for a page: what is loaded at once, and what only when it is used. */
async function moduleSizes(name, file) {
  const tsup = createRequire(join(root, 'package.json')).resolve('tsup')
  const esbuild = createRequire(tsup)('esbuild')
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [join(PACKAGE, file)],
    outdir: join(PACKAGE, 'sizes'),
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    external: EXTERNAL,
    write: false,
    logLevel: 'error',
    metafile: true,
    absWorkingDir: PACKAGE,
  })
  const parts = Object.entries(metafile.outputs)
  const first = new Set(
    parts.filter(([, { entryPoint }]) => entryPoint === file.slice(2)).map(([path]) => path),
  )
  for (const path of first)
    for (const { path: other, kind } of metafile.outputs[path].imports)
      if (kind === 'import-statement' && metafile.outputs[other]) first.add(other)
  const code = ({ path }) => first.has(path.slice(PACKAGE.length + 1))
  const size = (files) => sum(files.map(({ contents }) => gzipped(contents)))
  const now = outputFiles.filter(code)
  const later = outputFiles.filter((file) => !code(file))
  return [
    `\`${name}\``,
    kilobytes(sum(now.map(({ contents }) => contents.length))),
    kilobytes(size(now)),
    kilobytes(size(later)),
  ]
}

function fileSizes(name) {
  const bytes = readFileSync(join(PACKAGE, 'dist', name))
  return [`\`${name}\``, ...[bytes.length, gzipped(bytes), brotliCompressSync(bytes).length].map(kilobytes)]
}

/** A table with columns as wide as their widest cells, numbers on the right. */
function table(head, rows) {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)))
  const pad = (cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [head.map(pad), rule, ...rows.map((row) => row.map(pad))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** The modules, largest first, and the files beside them. */
export async function sizes() {
  const { exports } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
  const modules = Object.entries(exports).filter(([, { default: file }]) => file?.endsWith('.js'))
  const rows = await Promise.all(
    modules.map(([path, places]) => moduleSizes(path.replace('.', 'hebb'), places.default)),
  )
  const files = readdirSync(join(PACKAGE, 'dist')).filter((name) => /worker\.js$|\.wasm$/.test(name))
  return { rows, files: files.map(fileSizes) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build()
  const { rows, files } = await sizes()
  const page = `# What is sent

[Contents](README.md)

\`npm run sizes\` writes this page. Sizes are in kB (1000 bytes).

## Modules

All of a module, bundled and minified by esbuild; a program's bundle has only what it uses. What is loaded later are functions that few
programs call.

${table(['module', 'minified', 'gzipped', 'later, gzipped'], rows)}

## Files

Beside the JavaScript a program loads one workers' file and one artifact for networks (\`worker.js\`, and \`hebb-relaxed.wasm\` or
\`hebb-simd128.wasm\`), one of each for classical models (\`classic\`), and one artifact when it decodes image files (\`images\`). \`edge\` is for
[edge functions](deployment.md#edge-functions).

${table(['file', 'size', 'gzipped', 'Brotli'], files)}
`
  writeFileSync(join(root, 'docs', 'sizes.md'), page)
  console.log(page)
}
