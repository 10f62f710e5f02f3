import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { args, executablePath, isolating } from './test/helpers/launch.ts'

/** Far above what anything takes: a machine that is slow or shared is no fault. */
const limits = { testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: 90_000 } } }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          globalSetup: ['test/helpers/builtPages.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          ...limits,
          // One engine uses all cores: files take turns.
          fileParallelism: false,
          // Of the tests that run a program each, and say so by `concurrent`.
          maxConcurrency: 2,
        },
      },
      {
        server: { headers: isolating },
        optimizeDeps: { exclude: ['hebb'], include: ['hebb > @observablehq/plot'] },
        test: {
          name: 'chromium',
          globalSetup: ['test/browser/node.ts'],
          include: ['test/browser/*.test.ts'],
          ...limits,
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
