import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

// What Chromium wants where it runs as root and without a network.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

// Shared memory needs a page that is cross-origin isolated.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/*.test.ts'],
          testTimeout: 60_000,
          // One engine uses all cores: files take turns.
          fileParallelism: false,
        },
      },
      {
        server: { headers },
        optimizeDeps: { exclude: ['hebb'] },
        test: {
          name: 'chromium',
          globalSetup: ['test/browser/node.ts'],
          include: ['test/browser/*.test.ts'],
          testTimeout: 60_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath, args } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
