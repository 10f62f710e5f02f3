// Lets a Node that cannot run TypeScript by itself (before 22.18) run it: node --import ./scripts/typescript.mjs main.ts
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

/** A hook of Node's loader: strips types with the compiler from the npm packages. */
export async function load(url, context, next) {
  if (!/^file:.*\.ts$/.test(url)) return next(url, context)
  const { default: ts } = await import('typescript')
  const options = { module: 'esnext', target: 'es2022', verbatimModuleSyntax: true, inlineSourceMap: true }
  const { outputText } = ts.transpileModule(await readFile(new URL(url), 'utf8'), {
    compilerOptions: ts.convertCompilerOptionsFromJson(options, '.').options,
    fileName: fileURLToPath(url),
  })
  return { format: 'module', shortCircuit: true, source: outputText }
}

// The loader's thread imports this file too, only for the hook.
if (isMainThread) register(import.meta.url)
