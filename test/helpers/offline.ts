// What a service worker of ours keeps.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expect, vi } from 'vitest'

/** Waits until all files of a built folder are kept, so that its pages need no server. */
export async function kept(page: Page, folder: string): Promise<void> {
  const service = readFileSync(join(folder, 'service.js'), 'utf8')
  const files = JSON.parse(/^const FILES = (\[.*\])$/m.exec(service)![1]!) as string[]
  expect(files.length).toBeGreaterThan(30)
  const missing = () =>
    page.evaluate(async (files) => {
      const found = await Promise.all(files.map((file) => caches.match(file)))
      return files.filter((_, i) => !found[i])
    }, files)
  await vi.waitFor(async () => expect(await missing()).toEqual([]), { timeout: 30_000, interval: 200 })
}
