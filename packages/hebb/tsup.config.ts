import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

/**
 * wasm-bindgen's glue without what it does for callers who forget to free, for the engine frees everything by hand; and
 * without what it frees where an argument cannot be handed over, for then the whole instance is lost. 0.5 kB gzipped.
 */
function lean(glue: string): string {
  return (
    glue
      .replace(/^if \(Symbol\.dispose\).*$/gm, '')
      .replace(/^const \w+Finalization = [^;]*;$/gm, '')
      .replace(/^ *\w+Finalization\.\w+\(.*\);$/gm, '')
      // What every call hands on is a default.
      .replace(/, (wasm\.__wbindgen_malloc)(, wasm\.__wbindgen_realloc)?\)/g, ')')
      .replace(/^(function pass\w+\(arg, )(malloc)(?:, (realloc))?\)/gm, (_, start, ...names) => {
        const given = names.slice(0, 2).filter(Boolean)
        return `${start}${given.map((name) => `${name} = wasm.__wbindgen_${name}`).join(', ')})`
      })
      .replace(/(let ptr0[^;]*;\s*)try (\{[^{}]*\}) catch \(e\) \{[\s\S]*?throw e;\s*\}/g, '$1$2')
  )
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

const common: Options = {
  define: { HEBB_VERSION: JSON.stringify(version) },
  target: 'es2022',
  platform: 'neutral',
  tsconfig: '../../tsconfig.json',
  esbuildPlugins: [
    {
      name: 'lean',
      setup({ onLoad, onResolve }) {
        // A module of its own, of which bundlers take what is used; of an object they would take all.
        onResolve({ filter: /^\.\/datasets$/ }, () => ({ path: './datasets.js', external: true }))
        onLoad({ filter: /hebb_wasm\.js$/ }, ({ path }) => ({ contents: lean(readFileSync(path, 'utf8')) }))
      },
    },
  ],
  esbuildOptions(options) {
    options.minifySyntax = true
  },
}

// Both at once would remove each other's files.
rmSync('dist', { recursive: true, force: true })

export default defineConfig([
  {
    ...common,
    entry: ['src/index.ts', 'src/datasets.ts'],
    format: 'esm',
    // Lines and names stay, for they are what people see of an error; bundlers take them out.
    sourcemap: true,
    dts: {
      entry: 'src/index.ts',
      compilerOptions: { ignoreDeprecations: '6.0' },
      // For Symbol.dispose, whatever `lib` the reader has chosen.
      banner: '/// <reference lib="esnext.disposable" />',
    },
    // Classes that people print say their names themselves: esbuild's own way, keepNames, is 2.6 kB. They do so by getters,
    // because compilers for older engines make an assignment of a static field, which a function's name refuses.
    async onSuccess() {
      for (const name of ['simd128', 'relaxed']) {
        copyFileSync(`wasm/${name}/hebb_wasm_bg.wasm`, `dist/hebb-${name}.wasm`)
      }
    },
  },
  {
    // One file without imports or exports: the same script is an ES module, a CommonJS module and a classic worker, so it
    // does not matter what bundlers and servers take it for, or where they copy it.
    ...common,
    entry: { worker: 'src/engine/worker/worker.ts' },
    // Asked for by rayon, which in an engine never runs on a page's main thread.
    define: { ...common.define, window: 'undefined', global: 'undefined' },
    // Bundlers copy it as it is.
    minify: 'terser',
    terserOptions: {
      module: true,
      ecma: 2020,
      compress: { passes: 2, lhs_constants: false, pure_getters: true, pure_funcs: ['console.warn'] },
      // Of wasm-bindgen's glue: 0.15 kB gzipped less.
      mangle: { properties: { regex: /^__(wbg_ptr|destroy_into_raw|wrap)$/ } },
      format: { comments: /ignore/i },
    },
    format: 'iife',
    outExtension: () => ({ js: '.js' }),
  },
])
