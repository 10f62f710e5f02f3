import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { launchOptions } from './test/chromium.ts'

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
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
