// A server of a folder's files for the browsers of this machine.
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream'
import { HebbError } from 'hebb'

/** With these a page may share memory between threads. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // A newer version of the pages has the same address.
  'Cache-Control': 'no-cache',
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
}

/** Only addresses of this machine: no port is open to others. */
const HOST = '127.0.0.1'

/** Serves the files that are in a folder now; port 0 is any that is free. */
export async function serve(folder: string, port: number): Promise<{ server: Server; url: string }> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  // What is not in the list is not served, whatever the path says.
  const files = new Map<string, string>(
    names
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => [`/${relative(folder, path).replaceAll(sep, '/')}`, path]),
  )
  const server = createServer(({ method, url = '/' }, response) => {
    const [path = '/'] = url.split(/[?#]/)
    const file = files.get(path === '/' ? '/index.html' : path)
    if (!file) return response.writeHead(404, HEADERS).end()
    if (method !== 'GET' && method !== 'HEAD')
      return response.writeHead(405, { ...HEADERS, Allow: 'GET, HEAD' }).end()
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Content-Length': statSync(file).size })
    if (method === 'HEAD') return response.end()
    // A browser that goes away ends it.
    pipeline(createReadStream(file), response, () => {})
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const why =
        code === 'EADDRINUSE' ? `port ${port} is in use` : `port ${port} cannot be used (${message})`
      reject(new HebbError('option', `${why}: choose another with --port`))
    })
    server.listen(port, HOST, resolve)
  })
  return { server, url: `http://${HOST}:${(server.address() as AddressInfo).port}/` }
}
