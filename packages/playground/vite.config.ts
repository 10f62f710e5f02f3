import { defineConfig } from 'vite'
import { formulas } from './formulas.ts'
import { mnist } from './mnist.ts'
import { notices } from './notices.ts'
import { service } from './service.ts'

// Threads share memory, which requires a cross-origin isolated page.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** The licences of others' code in the pages go with them. */
const NOTICES = 'NOTICES.md'

export default defineConfig({
  // The built page can run in any folder of a server.
  base: './',
  plugins: [formulas(), mnist(), service(), notices(NOTICES)],
  server: { headers },
  preview: { headers },
  // Hebb finds its worker and its WebAssembly next to its own files; pre-bundling would move it away from them.
  // What Observable Plot imports is CommonJS in part, which browsers cannot load unbundled.
  optimizeDeps: { exclude: ['hebb'], include: ['hebb > @observablehq/plot'] },
  worker: { format: 'es' },
  build: { target: 'es2023', reportCompressedSize: false, license: { fileName: NOTICES } },
})
