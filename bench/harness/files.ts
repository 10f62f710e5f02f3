// Files for the benchmark's pages: files of this repository, TypeScript without types, with or without the headers that
// isolate a page.
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const rivals = '/bench/engines/node_modules'

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.ts': 'text/javascript',
  '.wasm': 'application/wasm',
}

const ISOLATING = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** The page's counterparts of packages in node_modules; Node's modules are empty there. */
const IMPORTS = {
  hebb: '/packages/hebb/dist/index.js',
  '@jax-js/jax': `${rivals}/@jax-js/jax/dist/index.js`,
  '@tensorflow/tfjs': `${rivals}/@tensorflow/tfjs/dist/tf.fesm.min.js`,
  '@tensorflow/tfjs-core': `${rivals}/@tensorflow/tfjs/dist/tf.fesm.min.js`,
  '@tensorflow/tfjs-backend-wasm': `${rivals}/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.fesm.js`,
  'onnxruntime-web': `${rivals}/onnxruntime-web/dist/ort.wasm.bundle.min.mjs`,
  ...Object.fromEntries(
    ['fs', 'os', 'path', 'perf_hooks'].map((name) => [name, 'data:text/javascript,export default {}']),
  ),
}

const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`

/** Serves the repository on a free port; returns the server and the page's address. */
export async function serveFiles(isolated: boolean): Promise<{ server: Server; page: string }> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url!, 'http://localhost').pathname)
    const headers = { 'Cache-Control': 'no-store', ...(isolated && ISOLATING) }
    if (path === '/') return response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(PAGE)
    try {
      const content = await readFile(join(root, path))
      const type = TYPES[extname(path)] ?? 'application/octet-stream'
      response.writeHead(200, { ...headers, 'Content-Type': type })
      response.end(extname(path) === '.ts' ? stripTypeScriptTypes(content.toString()) : content)
    } catch (error) {
      response.writeHead(404, headers).end((error as Error).message)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, page: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}
