// The runtime of Cloudflare Workers: no worker, no shared memory, no WebAssembly from bytes.
import { copyFileSync } from 'node:fs'
import { app } from './app.mjs'

const WORKERD = '1.20261117.1'
const PORT = 4119

const files = {
  'worker.mjs': `import { edge } from 'hebb/edge'
import wasm from 'hebb/hebb-edge.wasm'
import { check } from './program.mjs'
export default { fetch: async () => Response.json(await check(edge(wasm))) }`,
  'build.mjs': `import { build } from 'esbuild'
const options = { bundle: true, format: 'esm', external: ['hebb/hebb-edge.wasm'], logLevel: 'error' }
await build({ ...options, entryPoints: ['worker.mjs'], outfile: 'dist/worker.js' })`,
  'config.capnp': `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${PORT}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "hebb/hebb-edge.wasm", wasm = embed "dist/hebb-edge.wasm"),
  ],
  compatibilityDate = "2025-06-01",
);`,
}

async function run() {
  const packages = { workerd: WORKERD, esbuild: '0.28.2' }
  const { at, bin, run, server } = app('edge', { packages, files })
  run(process.execPath, ['build.mjs'])
  copyFileSync(at('node_modules/hebb/dist/hebb-edge.wasm'), at('dist/hebb-edge.wasm'))
  const url = `http://127.0.0.1:${PORT}/`
  const { close } = await server(bin('workerd'), ['serve', 'config.capnp'], url)
  try {
    return await (await fetch(url)).json()
  } finally {
    await close()
  }
}

export const edge = [{ name: 'workerd, `hebb/edge`', version: WORKERD, threads: 1, run }]
