import { copyFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

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
  // 1 kB gzipped less than esbuild's own.
  minify: 'terser',
  terserOptions: { module: true, compress: { passes: 2 } },
  // Classes that people print say their names themselves: esbuild's own way, keepNames, is 2.6 kB.
  async onSuccess() {
    for (const name of ['simd128', 'relaxed']) {
      copyFileSync(`wasm/${name}/hebb_wasm_bg.wasm`, `dist/hebb-${name}.wasm`)
    }
  },
})
