import { copyFileSync, readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

/**
 * wasm-bindgen's glue without what it does for callers who forget to free, for the engine frees everything by hand; and
 * without what it frees where an argument cannot be handed over, for then the whole instance is lost. 0.5 kB gzipped.
 */
function lean(glue: string): string {
  return glue
    .replace(/^if \(Symbol\.dispose\).*$/gm, '')
    .replace(/^const \w+Finalization = [^;]*;$/gm, '')
    .replace(/^ *\w+Finalization\.\w+\(.*\);$/gm, '')
    .replace(/(let ptr0[^;]*;\s*)try (\{[^{}]*\}) catch \(e\) \{[\s\S]*?throw e;\s*\}/g, '$1$2')
}

export default defineConfig({
  entry: { index: 'src/index.ts', worker: 'src/engine/worker.ts' },
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  dts: {
    entry: 'src/index.ts',
    compilerOptions: { ignoreDeprecations: '6.0' },
    // For Symbol.dispose, whatever `lib` the reader has chosen.
    banner: '/// <reference lib="esnext.disposable" />',
  },
  tsconfig: '../../tsconfig.json',
  clean: true,
  esbuildPlugins: [
    {
      name: 'lean',
      setup({ onLoad }) {
        onLoad({ filter: /hebb_wasm\.js$/ }, ({ path }) => ({ contents: lean(readFileSync(path, 'utf8')) }))
      },
    },
  ],
  // 1 kB gzipped less than esbuild's own, of which its shorter syntax is 0.2 kB more.
  minify: 'terser',
  terserOptions: { module: true, compress: { passes: 2, lhs_constants: false } },
  esbuildOptions(options) {
    options.minifySyntax = true
  },
  // Classes that people print say their names themselves: esbuild's own way, keepNames, is 2.6 kB.
  async onSuccess() {
    for (const name of ['simd128', 'relaxed']) {
      copyFileSync(`wasm/${name}/hebb_wasm_bg.wasm`, `dist/hebb-${name}.wasm`)
    }
  },
})
