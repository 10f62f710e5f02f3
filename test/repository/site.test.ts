// The site, built but for the playground, which has tests of its own; and the check of its links.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { args, executablePath } from '../helpers/launch'
import { kept } from '../helpers/offline'
import { root } from '../helpers/root'

const site = join(root, 'packages', 'site')
const folder = mkdtempSync(join(tmpdir(), 'hebb-site-'))
const { checkSite } = await import(join(root, 'scripts', 'links.mjs'))
let server: PreviewServer
let browser: Browser

beforeAll(async () => {
  const program = `import { buildSite } from ${JSON.stringify(join(root, 'scripts', 'site.mjs'))}
await buildSite({ playground: false })`
  writeFileSync(join(folder, 'build.mjs'), program)
  const built = spawnSync(process.execPath, [join(folder, 'build.mjs')], { encoding: 'utf8' })
  expect(built.status, built.stderr).toBe(0)
  // A plain server of static files, without any header.
  server = await preview({ root: site, configFile: false, logLevel: 'warn', preview: { port: 0 } })
  browser = await chromium.launch({ executablePath, args })
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a link to a file or an anchor that does not exist is found', () => {
  mkdirSync(join(folder, 'pages', 'sub'), { recursive: true })
  const links = [
    'sub/',
    '/sub/page.html#here',
    'https://example.org',
    'mailto:a',
    '#top',
    'gone.html',
    'sub/page#no',
  ]
  const html = `<p id="top">${links.map((link) => `<a href="${link}">x</a>`).join('')}<img src="gone.svg">`
  writeFileSync(join(folder, 'pages', 'index.html'), html)
  writeFileSync(join(folder, 'pages', 'sub', 'index.html'), '<a href="../#top">up</a>')
  writeFileSync(join(folder, 'pages', 'sub', 'page.html'), '<p id="here">')
  expect(checkSite(join(folder, 'pages'), '/')).toEqual([
    'index.html: gone.html',
    'index.html: sub/page#no, which sub/page.html does not have',
    'index.html: gone.svg',
  ])
  expect(checkSite(join(folder, 'pages'), '/', ['gone']).length).toBe(1)
})

test('it has every chapter, the reference of every entry, and sources', () => {
  const index = readFileSync(join(site, 'dist', 'index.html'), 'utf8')
  for (const chapter of ['neuron', 'backpropagation', 'alexnet', 'errata']) {
    expect([chapter, index.includes(`href="/${chapter}.html"`)]).toEqual([chapter, true])
  }
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', 'hebb', 'package.json'), 'utf8'))
  for (const entry of Object.keys(exports).filter((name) => exports[name].default?.endsWith('.js'))) {
    const name = entry === '.' ? 'index' : entry.slice(2)
    expect([entry, existsSync(join(site, 'dist', 'api', name, 'index.html'))]).toEqual([entry, true])
  }
  expect(existsSync(join(site, 'dist', 'api', 'index', 'functions', 'dense.html'))).toBe(true)
})

test('its chapters lead to every page of the playground', () => {
  const list = readFileSync(join(root, 'packages/playground/src/chapters/index.ts'), 'utf8')
  const ids = Array.from(list.matchAll(/^ {4}id: '(\w+)'/gm), ([, id]) => id)
  const links = readdirSync(join(site, 'dist'))
    .filter((name) => name.endsWith('.html'))
    .flatMap((name) => {
      const html = readFileSync(join(site, 'dist', name), 'utf8')
      const all = html.matchAll(/href="\.\/playground\/index\.html\?chapter=(\w+)" target="_self"/g)
      return Array.from(all, ([, id]) => id)
    })
  expect([...new Set(links)].sort()).toEqual(ids.sort())
})

test('formulas are set, figures shown, and words found', async () => {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  const url = server.resolvedUrls!.local[0]!
  await page.goto(`${url}activations.html`)
  expect(await page.locator('.katex').count()).toBeGreaterThan(20)
  expect(await page.locator('main').textContent()).not.toMatch(/\$`?\w/)
  const drawn = await page
    .locator('main img')
    .evaluateAll((all) =>
      Promise.all(
        all.map((image) =>
          (image as HTMLImageElement).decode().then(() => (image as HTMLImageElement).naturalWidth),
        ),
      ),
    )
  expect(drawn.length).toBeGreaterThan(5)
  expect(Math.min(...drawn)).toBeGreaterThan(100)
  await page.locator('.DocSearch-Button').click()
  await page.locator('.VPLocalSearchBox input').fill('Novikoff')
  await page.locator('.VPLocalSearchBox .result').first().waitFor()
  expect(errors).toEqual([])
  await page.close()
})

test('after the first visit the course is read without the server', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const url = server.resolvedUrls!.local[0]!
  await page.goto(url)
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  await kept(page, join(site, 'dist'))
  await server.close()
  await page.goto(`${url}alexnet.html`)
  expect(await page.textContent('main h1')).toContain('AlexNet')
  // By the site's own router, which fetches the text alone.
  await page.getByRole('link', { name: 'LeNet-5', exact: true }).first().click()
  await page.waitForSelector('main h1:has-text("LeNet-5")')
  await page.locator('.DocSearch-Button').click()
  await page.locator('.VPLocalSearchBox input').fill('Novikoff')
  await page.locator('.VPLocalSearchBox .result').first().waitFor()
  await context.close()
})
