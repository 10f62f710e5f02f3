// Folders import downwards only: tables in ARCHITECTURE.md list what each folder may import, always folders above it.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail, files, root } from './shell.mjs'

const TESTS = /(^|\/)tests(\.rs$|\/)/
/** These files only name the parts of the crate or the package. */
const ENTRANCES = /^(lib\.rs|index\.ts)$/

/** Paths in Rust code from the crate's root, by `crate::` or `super::`. `crate::{…}` counts too, which forbids it. */
function rust(path, text) {
  const own = path.replace(/(\/mod)?\.rs$/, '').split('/')
  const code = text.replace(/\/\/.*$/gm, '').split(/#\[cfg\(test\)\]\s+mod tests \{/)[0]
  const found = [...code.matchAll(/\b(crate|super(?:::super)*)::(\w+|\{)/g)]
  return found.map(([, from, name]) => {
    const up = from === 'crate' ? own.length : from.split('::').length
    return [...own.slice(0, own.length - up), name].join('/')
  })
}

/** Paths of the files that a TypeScript file imports, including types. */
function typescript(path, text) {
  const found = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g)]
  return found.map(([, to]) => join(dirname(path), to)).filter((to) => !to.startsWith('..'))
}

/** The rows of a folder's table, `| path | what it is | what it imports |`, in order. */
function table(source) {
  const all = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  // The formatter pads cells with spaces.
  const text = all.replace(/ +\|/g, ' |').split(`\n| \`${source}\` |`)[1]
  const rows = [...(text?.split('\n\n')[0] ?? '').matchAll(/^\| `(.+?)` \|.*\|(.*)\|$/gm)]
  return rows.map(([, path, list]) => ({ path, may: [...list.matchAll(/`(.+?)`/g)].map(([, one]) => one) }))
}

/** Errors in a table, or in the imports that it describes. */
function check(source, ending, read) {
  const rows = table(source)
  const find = (path) =>
    rows
      .filter((row) => path.replace(ending, '') === row.path || path.startsWith(`${row.path}/`))
      .sort((a, b) => b.path.length - a.path.length)[0]
  const needed = new Map(rows.map((row) => [row, new Set()]))
  const wrong = []
  for (const file of files(join(root, source))) {
    const path = relative(join(root, source), file)
    if (!path.endsWith(ending) || TESTS.test(path) || ENTRANCES.test(path)) continue
    const row = find(path)
    if (!row) wrong.push(`${path} is in no row`)
    for (const to of row ? read(path, readFileSync(file, 'utf8')) : []) {
      const other = find(to)
      if (other === row) continue
      needed.get(row).add(other?.path)
      if (!row.may.includes(other?.path)) wrong.push(`${path} imports ${to}, which ${row.path} does not list`)
    }
  }
  for (const [at, row] of rows.entries())
    for (const one of row.may) {
      if (!rows.slice(0, at).some(({ path }) => path === one))
        wrong.push(`${row.path} lists ${one}, which is no row above`)
      if (!needed.get(row).has(one)) wrong.push(`${row.path} lists ${one}, but does not import it`)
    }
  return wrong.map((line) => `${source}: ${line}`)
}

/** Exits with an error if an import is not in the tables. */
export function imports() {
  const wrong = [
    ...check('crates/hebb-kernels/src', '.rs', rust),
    ...check('crates/hebb/src', '.rs', rust),
    ...check('crates/hebb-images/src', '.rs', rust),
    ...check('packages/hebb/src', '.ts', typescript),
  ]
  if (wrong.length > 0) fail(`imports are not as in ARCHITECTURE.md:\n${wrong.join('\n')}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) imports()
