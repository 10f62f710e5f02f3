import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { defineConfig, type Options } from 'tsup'
import { unshared } from '../../scripts/unshared.mjs'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

const common: Options = {
  define: { HEBB_VERSION: JSON.stringify(version), HEBB_EDGE: 'false' },
  target: 'es2022',
  platform: 'neutral',
  tsconfig: '../../tsconfig.json',
  esbuildPlugins: [
    {
      name: 'datasets',
      setup({ onResolve }) {
        // A module of its own, of which bundlers take what is used; of an object they would take all.
        onResolve({ filter: /^\.\/datasets$/ }, () => ({ path: './datasets.js', external: true }))
      },
    },
    {
      name: 'inlined',
      setup({ onResolve }) {
        // Written when the workers are built.
        onResolve({ filter: /^\.\/inlined$/ }, () => ({ path: './inlined.js', external: true }))
      },
    },
  ],
  esbuildOptions(options) {
    options.minifySyntax = true
  },
}

/** For the modules that contain an engine's core. */
const core: Options = {
  define: {
    ...common.define,
    // Asked for by rayon, which in an engine never runs on a page's main thread.
    window: 'undefined',
    global: 'undefined',
    // What wasm-bindgen's glue does for callers who forget to free: the engine frees everything itself.
    FinalizationRegistry: 'undefined',
    'Symbol.dispose': 'undefined',
  },
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
}

/** The modules that have types of their own. */
const ENTRIES = {
  index: 'src/index.ts',
  text: 'src/text/index.ts',
  weights: 'src/weights/index.ts',
  zoo: 'src/zoo/index.ts',
  doctor: 'src/doctor.ts',
  augment: 'src/augment/index.ts',
  inspect: 'src/inspect/index.ts',
  plot: 'src/plot/index.ts',
  onnx: 'src/onnx/index.ts',
  keras: 'src/keras/index.ts',
  inline: 'src/inline/index.ts',
  distributed: 'src/distributed/index.ts',
}

const ARTIFACTS = ['simd128', 'relaxed', 'classic'].map((name) => [
  `hebb-${name}`,
  `wasm/${name}/hebb_wasm_bg.wasm`,
])
const IMAGES = ['hebb-images', 'wasm/images/hebb_images.wasm']

// Both at once would remove each other's files.
rmSync('dist', { recursive: true, force: true })

export default defineConfig([
  {
    ...common,
    entry: { ...ENTRIES, datasets: 'src/datasets.ts' },
    format: 'esm',
    // Lines and names stay, for they are what people see of an error; bundlers take them out.
    sourcemap: true,
    dts: {
      entry: { ...ENTRIES, edge: 'src/edge/index.ts' },
      compilerOptions: { ignoreDeprecations: '6.0' },
      // For Symbol.dispose, whatever `lib` the reader has chosen.
      banner: '/// <reference lib="esnext.disposable" />',
    },
    // Classes that people print say their names themselves: esbuild's own way, keepNames, is 2.6 kB. They do so by getters,
    // because compilers for older engines make an assignment of a static field, which a function's name refuses.
    async onSuccess() {
      // `npm start` builds only the one that it runs.
      for (const [name, file] of [...ARTIFACTS, IMAGES])
        if (existsSync(file)) copyFileSync(file, `dist/${name}.wasm`)
      const [, threaded] = ARTIFACTS[0]!
      if (existsSync(threaded!)) writeFileSync('dist/hebb-edge.wasm', unshared(readFileSync(threaded!)))
      // As the hosts of `hebb/edge` import it.
      writeFileSync(
        'dist/hebb-edge.d.ts',
        'declare const module: WebAssembly.Module\nexport default module\n',
      )
      cpSync('weights', 'dist', { recursive: true, filter: (name) => !name.endsWith('.md') })
    },
  },
  {
    // The command line is a program that uses the package by its name, as others do.
    ...common,
    entry: { cli: 'src/cli/main.ts' },
    format: 'esm',
    platform: 'node',
    splitting: false,
    external: [/^hebb/],
    esbuildPlugins: [
      {
        name: 'doctor',
        setup({ onResolve }) {
          onResolve({ filter: /^\.\.\/doctor$/ }, () => ({ path: './doctor.js', external: true }))
        },
      },
    ],
    // Of commander, which is CommonJS.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'\nconst require = requireOf(import.meta.url)",
    },
  },
  {
    ...common,
    ...core,
    entry: { edge: 'src/edge/index.ts' },
    format: 'esm',
    esbuildPlugins: [
      {
        name: 'parts',
        setup({ onResolve }) {
          // The same class as in the rest of the program.
          onResolve({ filter: /\/errors$/ }, () => ({ path: './index.js', external: true }))
          onResolve({ filter: /^\.\/makeCore$/ }, () => ({ path: './makeCore.js', external: true }))
        },
      },
    ],
  },
  {
    // A core as a function, because a module is evaluated only once, and so the WebAssembly of what it contains.
    ...common,
    ...core,
    entry: { makeCore: 'src/engine/worker/core.ts' },
    define: { ...core.define, HEBB_EDGE: 'true' },
    format: 'iife',
    globalName: 'made',
    banner: { js: 'export function makeCore() {' },
    footer: { js: 'return made.Core }' },
    outExtension: () => ({ js: '.js' }),
  },
  {
    // Files without imports or exports: the same script is an ES module, a CommonJS module and a classic worker, so it
    // does not matter what bundlers and servers take it for, or where they copy it.
    ...common,
    entry: {
      worker: 'src/engine/worker/worker.ts',
      ...(existsSync('wasm/classic') && { 'classic-worker': 'src/engine/worker/classicWorker.ts' }),
    },
    ...core,
    format: 'iife',
    // With a name by which it evaluates itself again.
    banner: { js: ';(function evaluate() {' },
    footer: { js: '})()' },
    outExtension: () => ({ js: '.js' }),
    async onSuccess() {
      const workers = ['worker', 'classic-worker'].map((name) => [name, `dist/${name}.js`])
      const packed = [...workers, ...ARTIFACTS, IMAGES]
        .filter(([, file]) => existsSync(file))
        .map(([name, file]) => [name, gzipSync(readFileSync(file), { level: 9 }).toString('base64')])
      const code = `export const files = ${JSON.stringify(Object.fromEntries(packed))}\n`
      writeFileSync('dist/inlined.js', code)
    },
  },
])
