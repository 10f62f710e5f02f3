// Writes docs/compatibility.md.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './app.mjs'

const threads = ({ threads, failure }) =>
  failure ? 'fails' : threads === 1 ? '1 thread' : `${threads} threads`

/** A table with columns as wide as their widest cells. */
function table(head, rows) {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)))
  const line = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const lines = (rows) =>
  rows.map((row) => [
    row.name,
    row.version,
    row.remedy || row.needed ? `\`${row.remedy ?? row.needed}\`` : '',
    threads(row),
  ])

/** Writes the page with the results of all rows. */
export function write({ runtimes, bundlers, pages, typed, versions }) {
  const names = Object.keys(versions)
  const browsers = names.map((name) => `${name} ${versions[name]}`)
  const compiled = typed.map(({ name, version, failure }) => [name, version, failure ? 'fails' : 'no errors'])
  const cells = pages.map((row) => [row.name, ...names.map((name) => threads(row.cells[name]))])
  writeFileSync(
    join(root, 'docs', 'compatibility.md'),
    `# Where Hebb runs

[Contents](README.md)

\`npm run matrix\` writes this page. From the packed package each row installs, builds and runs the same program, which asks for two
threads, learns XOR, and trains a small convolutional network for an epoch. It must give the right answers and the expected
number of threads, and the outputs must be the same bits everywhere: one sum where products are rounded before they are added, another
where relaxed-simd fuses both. Where a line of the user's is needed, the row runs without it too, and the error must name it.

## Runtimes

${table(['runtime', 'version', 'needed', 'result'], lines(runtimes))}

\`hebb/inline\` means \`await init(await inline())\`: see [headers and deployment](deployment.md#bundlers).

## Bundlers

A page, built without other configuration and opened in Chromium; servers are those of Next.js.

${table(['bundler', 'version', 'needed', 'result'], lines(bundlers))}

Vite before 8 wants \`optimizeDeps: { exclude: ['hebb'] }\` in its configuration, for the development server only; Next.js with webpack
\`serverExternalPackages: ['hebb']\`. Parcel finds modules such as \`hebb/inline\` only with
\`"@parcel/resolver-default": { "packageExports": true }\` in package.json.

## Pages

Without a bundler: \`<script type="module">\` and the package's files. Isolated means
[cross-origin isolation](deployment.md#threads-in-a-page), without which there is one thread.

${table(['page', ...browsers], cells)}

A SharedWorker has one thread: Chromium's cannot start workers, so that the engine computes in its own. WebKitGTK
runs with \`JSC_useSharedArrayBuffer=1\`, without which it has no shared memory, and Hebb one thread.

## TypeScript

A program that imports every module, with \`strict\` and without \`skipLibCheck\`, so that Hebb's files of types are checked too.

${table(['compiler', 'version', 'result'], compiled)}
`,
  )
}
