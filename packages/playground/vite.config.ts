import { defineConfig } from 'vite'
import { mnist } from './mnist.ts'

// Threads share memory, which only a cross-origin isolated page may.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default defineConfig({
  // The built page runs in any folder of a server.
  base: './',
  plugins: [mnist()],
  server: { headers },
  preview: { headers },
  // Hebb finds its worker and its WebAssembly beside its own files, from where pre-bundling would move it.
  optimizeDeps: { exclude: ['hebb'] },
  worker: { format: 'es' },
  build: { target: 'es2023', reportCompressedSize: false },
})
