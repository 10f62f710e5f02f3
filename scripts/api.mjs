// npm run api: writes what each module of the package exports into api/, from the types that are built, so that a change of the
// public surface is seen in review. --check fails if the files are not as they would be written.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { fail, root, say } from './shell.mjs'

const hebb = join(root, 'packages', 'hebb')
const folder = join(root, 'api')
const printer = ts.createPrinter({ removeComments: true })

/** The modules that have types, by the names of their files in api/. */
function modules() {
  const { exports } = JSON.parse(readFileSync(join(hebb, 'package.json'), 'utf8'))
  return Object.values(exports).flatMap(({ types }) => (types ? [join(hebb, types)] : []))
}

/** What a module exports, and the types in it that have no name outside. */
function report(checker, source, isPublic) {
  const resolved = (symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source))
  const names = new Map(exported.map((symbol) => [resolved(symbol), symbol.name]))
  const inner = new Map()
  const visit = (node) => {
    if (ts.isIdentifier(node)) {
      const found = checker.getSymbolAtLocation(node)
      const symbol = found && resolved(found)
      if (symbol && !names.has(symbol) && !inner.has(symbol) && !isPublic.has(symbol) && isOwn(symbol)) {
        inner.set(symbol, symbol.name)
        for (const declaration of symbol.declarations) visit(declaration)
      }
    }
    ts.forEachChild(node, visit)
  }
  for (const symbol of names.keys()) for (const declaration of symbol.declarations ?? []) visit(declaration)
  const shown = (all) =>
    [...all]
      .map(([symbol, name]) => [name, textOf(symbol)])
      .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
  const parts = [
    ...shown(names).map(([, text]) => text),
    '// Not exported.',
    ...shown(inner).map(([, text]) => text),
  ]
  return `${parts.join('\n\n')}\n`
}

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** Whether a type is declared at the top of a file of the package. */
const isOwn = ({ declarations }) =>
  declarations?.some(
    (one) =>
      one.getSourceFile().fileName.startsWith(join(hebb, 'dist')) && ts.isSourceFile(statementOf(one).parent),
  )

/** The statement of a variable's declaration. */
const statementOf = (declaration) =>
  ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration

function textOf({ declarations = [] }) {
  return declarations
    .map((declaration) => {
      const statement = statementOf(declaration)
      return printer.printNode(ts.EmitHint.Unspecified, statement, declaration.getSourceFile())
    })
    .join('\n')
}

/** The texts by the names of their files. */
function reports() {
  const files = modules()
  const options = {
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2023,
    skipLibCheck: true,
    types: [],
  }
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const sources = files.map((file) => program.getSourceFile(file) ?? fail(`${file} is missing: build first`))
  const main = checker.getExportsOfModule(checker.getSymbolAtLocation(sources[0]))
  const isPublic = new Set(
    main.map((one) => (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one)),
  )
  return new Map(
    sources.map((source, at) => [
      basename(files[at]),
      report(checker, source, at === 0 ? new Set() : isPublic),
    ]),
  )
}

/** Writes the reports, or says what is not as it should be. */
function api({ check }) {
  const wanted = reports()
  const old = existsSync(folder) ? readdirSync(folder) : []
  if (check) {
    const is = (name) => (old.includes(name) ? readFileSync(join(folder, name), 'utf8') : undefined)
    const names = [...new Set([...wanted.keys(), ...old])].filter((name) => is(name) !== wanted.get(name))
    if (names.length > 0)
      fail(`the public surface has changed, ${names.map((name) => `api/${name}`).join(', ')}: npm run api`)
    return
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, text] of wanted) writeFileSync(join(folder, name), text)
  say(`api/ has ${wanted.size} reports`)
}

api({ check: process.argv.includes('--check') })
