// The built pages on a plain file server: one reload for the headers that threads need, and then without the server.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { kept } from '../helpers/offline'
import { expectFit, served } from '../helpers/playground'

const { now } = served()
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}
let server: Server

/** Serves the folder without any special header; answers its address. */
async function plain(): Promise<string> {
  server = createServer(({ url = '/' }, response) => {
    const path = join(now.outDir, new URL(url, 'http://localhost').pathname)
    const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path
    if (!existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream')
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

test('a plain server is enough: the page reloads once and has its threads, then works without the server', async () => {
  const address = await plain()
  const context = await now.browser.newContext()
  const page = await context.newPage()
  let loads = 0
  page.on('load', () => {
    loads++
  })
  await page.goto(`${address}?chapter=perceptron&seed=2`)
  await page.waitForSelector('.story[data-updates]')
  const story = await page.textContent('.story')
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(await page.textContent('#engine')).not.toContain('Only one thread')
  expect(loads).toBe(2)

  await kept(page, now.outDir)
  server.closeAllConnections()
  server.close()
  await page.goto(`${address}?chapter=perceptron&seed=2`)
  await page.waitForSelector('.story[data-updates]')
  expect(await page.textContent('.story')).toBe(story)
  // Another chapter that was never opened, with the weights that come with Hebb.
  await page.goto(`${address}?chapter=lenet`)
  await page.waitForSelector('#answer[data-digit="2"]')
  expect(loads).toBe(4)
  await context.close()
})

test('without service workers there is one thread, and the page says why', async () => {
  const address = await plain()
  const page = await now.browser.newPage({ serviceWorkers: 'block' })
  await page.goto(`${address}?chapter=perceptron`)
  await page.waitForSelector('.story[data-updates]')
  expect(await page.textContent('#engine')).toContain('Only one thread')
  await page.close()
})

test('a figure, or another part, stands alone in the frame of another page', async () => {
  const address = await plain()
  const page = await now.browser.newPage()
  await page.route(`${address}around`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: ['perceptron&seed=2&embed=figure', 'rbf&lift=none&embed=lift']
        .map((view) => `<iframe src="${address}?chapter=${view}" width="700" height="640"></iframe>`)
        .join('\n'),
    }),
  )
  await page.goto(`${address}around`)
  const [figure, lift] = [page.frameLocator('iframe >> nth=0'), page.frameLocator('iframe >> nth=1')]
  await figure.locator('.story[data-updates]').waitFor()
  expect(await figure.locator('#program, header, .side').count()).toBe(0)
  await lift.locator('#lift svg').first().waitFor()
  expect(await lift.locator('.panel').count()).toBe(1)
  await page.close()
})

/** Opens a page; `bytes` weighs the scripts that have come, compressed. */
async function weighed(address: string) {
  const page = await now.browser.newPage({ serviceWorkers: 'block' })
  const scripts = new Set<string>()
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.endsWith('.js')) scripts.add(pathname)
  })
  await page.goto(address)
  await page.waitForSelector('#engine')
  const bytes = () =>
    [...scripts].reduce((sum, path) => sum + gzipSync(readFileSync(join(now.outDir, path))).length, 0)
  return { page, bytes }
}

test('the first page names every chapter, and each has all its parts and few scripts', async () => {
  const { page } = await weighed(now.server.resolvedUrls!.local[0]!)
  const links = await page
    .locator('.chapters a')
    .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href))
  expect(links.length).toBeGreaterThan(1)
  await expectFit(page, 'home')
  await page.close()
  for (const link of links) {
    const { page, bytes } = await weighed(link)
    await page.waitForSelector('#program')
    expect(await page.locator('h1, #figure, #formula, #exercise, #breaks, #program').count()).toBe(6)
    if (/hopfield|recurrent/.test(link)) await page.waitForSelector('.plotted svg')
    expect(bytes(), link).toBeLessThan(200_000)
    await page.close()
  }
})
