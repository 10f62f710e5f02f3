// A program of the reader's: a module with imports from hebb, await, and exports, which go to the page.
import { show } from './show'

const MODULES: Record<string, () => Promise<object>> = {
  hebb: () => import('hebb'),
  'hebb/zoo': () => import('hebb/zoo'),
  'hebb/inspect': () => import('hebb/inspect'),
  'hebb/augment': () => import('hebb/augment'),
  'hebb/text': () => import('hebb/text'),
  'hebb/plot': () => import('hebb/plot'),
}

const IMPORT = /^[ \t]*import\s*\{([^}]*)\}\s*from\s*(['"])([^'"]+)\2[ \t]*;?/gm
const EXPORT = /^([ \t]*)export\s+((?:const|let)\s+([\w$]+)|(?:async\s+)?function\s*\*?\s*([\w$]+))/gm
const AsyncFunction = (async () => {}).constructor as new (
  ...texts: string[]
) => (...values: unknown[]) => Promise<Record<string, unknown>>

/** What a program prints; each call is a line. */
export type Print = (line: string) => void

/** Runs a program to its end. Resolves to its exports; rejects with its error, which names the line where it can. */
export async function runModule(code: string, print: Print): Promise<Record<string, unknown>> {
  const modules: object[] = []
  const imports: { names: string; module: string }[] = []
  const withoutImports = code.replace(IMPORT, (all, names: string, _, module: string) => {
    imports.push({ names, module })
    const destructured = names.replace(/\s+as\s+/g, ': ').replace(/\s*\n\s*/g, ' ')
    const lines = all.split('\n').length - 1
    return `const {${destructured}} = modules[${imports.length - 1}]${'\n'.repeat(lines)}`
  })
  for (const { module } of imports) {
    const load = MODULES[module]
    if (!load) {
      throw new Error(`This page can import from ${Object.keys(MODULES).join(', ')}, not from ${module}.`)
    }
    modules.push(await load())
  }
  const exported: string[] = []
  const body = withoutImports.replace(EXPORT, (_, space: string, rest: string, variable = '', named = '') => {
    exported.push(variable || named)
    return space + rest
  })
  const source = `${body}\nreturn { ${exported.join(', ')} }\n//# sourceURL=program.js`
  const console = { log: (...values: unknown[]) => print(values.map(show).join(' ')) }
  try {
    return await new AsyncFunction('modules', 'console', source)(modules, console)
  } catch (error) {
    throw new Error(`${message(error)}${place(error)}`)
  }
}

function message(error: unknown): string {
  if (!(error instanceof Error)) return `The program threw ${show(error)}`
  return error.name === 'Error' || error.name === 'HebbError'
    ? error.message
    : `${error.name}: ${error.message}`
}

/** Two lines belong to the function around the program. */
const AROUND = 2

function place(error: unknown): string {
  const line = Number(/program\.js:(\d+)/.exec((error as Error)?.stack ?? '')?.[1]) - AROUND
  return line > 0 ? ` (line ${line})` : ''
}
