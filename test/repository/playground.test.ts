// The playground, built and served as for users: it reads drawings at once, trains, and never freezes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { args, executablePath } from '../helpers/launch'
import { root } from '../helpers/root'

const playground = join(root, 'packages/playground')
const outDir = mkdtempSync(join(tmpdir(), 'hebb-playground-'))
let server: PreviewServer
let browser: Browser

beforeAll(async () => {
  const settings = { root: playground, logLevel: 'warn', build: { outDir, emptyOutDir: true } } as const
  await build(settings)
  server = await preview({ ...settings, preview: { port: 0 } })
  browser = await chromium.launch({ executablePath, args })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(outDir, { recursive: true, force: true })
})

/** A page that is ready to train, its errors, and its long tasks from now on. */
async function open(query: string, viewport = { width: 1280, height: 900 }, dark = false) {
  const page = await browser.newPage({ viewport, colorScheme: dark ? 'dark' : 'light' })
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${server.resolvedUrls!.local[0]}?${query}`)
  await inPhase(page, 'ready')
  await page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { tasks })
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration))).observe({
      entryTypes: ['longtask'],
    })
  })
  const longTasks = () => page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks)
  return { page, errors, longTasks }
}

function inPhase(page: Page, phase: string) {
  return page.waitForSelector(`#phase[data-phase=${phase}]`, { timeout: 50_000 })
}

const press = (page: Page, name: string) => page.click(`button:text-is("${name}")`)

const accuracy = async (page: Page) => Number(await page.getAttribute('#accuracy', 'data-value'))

/** Draws a stroke through points of the unit square. */
async function draw(page: Page, points: [x: number, y: number][]) {
  const pad = page.locator('.pad')
  await pad.scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await pad.boundingBox())!
  for (const [i, [right, down]] of points.entries()) {
    await page.mouse.move(x + right * width, y + down * height, { steps: 4 })
    if (i === 0) await page.mouse.down()
  }
  await page.mouse.up()
}

const ellipse = Array.from({ length: 33 }, (_, i): [number, number] => {
  const angle = (2 * Math.PI * i) / 32 - Math.PI / 2
  return [0.5 + 0.24 * Math.cos(angle), 0.5 + 0.36 * Math.sin(angle)]
})

const strokes: [string, [number, number][]][] = [
  [
    '1',
    [
      [0.5, 0.15],
      [0.5, 0.85],
    ],
  ],
  ['0', ellipse],
  [
    '7',
    [
      [0.28, 0.18],
      [0.72, 0.18],
      [0.45, 0.85],
    ],
  ],
]

/** Whether it recognises drawings. */
async function reads(page: Page) {
  for (const [digit, points] of strokes) {
    await draw(page, points)
    await page.waitForSelector(`#answer[data-digit="${digit}"]`, { timeout: 5000 })
    await press(page, 'Clear')
    await page.waitForSelector('#answer[data-digit=""]')
  }
}

test('it reads drawings before the digits to train on have come, and again after a reset', async () => {
  const page = await browser.newPage()
  let arrive = () => {}
  const wait = new Promise<void>((resolve) => {
    arrive = resolve
  })
  await page.route('**/mnist/*', async (route) => {
    await wait
    await route.continue()
  })
  await page.goto(`${server.resolvedUrls!.local[0]}?samples=1000&epochs=1`)
  await reads(page)
  expect(await page.getAttribute('#phase', 'data-phase')).toBe('loading')
  arrive()
  await inPhase(page, 'ready')
  await press(page, 'Step')
  await inPhase(page, 'paused')
  expect(await page.textContent('#reading')).toContain('every answer is a guess')
  await press(page, 'Reset')
  await page.waitForSelector('#reading:has-text("99.5 %")')
  await inPhase(page, 'ready')
  await reads(page)
  await page.close()
})

test('it trains without freezing, and recognises a drawing', async () => {
  const { page, errors, longTasks } = await open('samples=12000&epochs=5')
  expect(Number(await page.getAttribute('#engine', 'data-threads'))).toBeGreaterThan(0)
  await press(page, 'Train')
  await inPhase(page, 'training')
  const start = performance.now()
  await inPhase(page, 'ready')
  const duration = performance.now() - start
  expect(await accuracy(page)).toBeGreaterThanOrEqual(0.97)
  // A share, because a loaded machine stops pages too; training in the page's own thread would take all the time.
  const frozen = (await longTasks()).reduce((sum, task) => sum + task, 0)
  expect(frozen / duration).toBeLessThan(0.2)

  await reads(page)
  expect(errors).toEqual([])
  await page.close()
}, 120_000)

test('the keyboard draws too', async () => {
  const { page, errors } = await open('samples=1000&epochs=1')
  await page.focus('.pad')
  await page.keyboard.press('Space')
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowDown')
  await page.waitForSelector('#answer:not([data-digit=""])')
  await page.keyboard.press('Delete')
  await page.waitForSelector('#answer[data-digit=""]')
  expect(errors).toEqual([])
  await page.close()
})

test('stop keeps the weights, reset discards them', async () => {
  const { page, errors } = await open('samples=6000&epochs=20')
  await press(page, 'Train')
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLElement>('#accuracy')?.dataset.value) > 0.5,
  )
  await press(page, 'Stop')
  await inPhase(page, 'ready')
  expect(await accuracy(page)).toBeGreaterThan(0.5)
  await press(page, 'Reset')
  await page.waitForSelector('#accuracy[data-value=""]', { state: 'attached' })
  await press(page, 'Train')
  await inPhase(page, 'training')
  await press(page, 'Reset')
  await page.waitForSelector('#accuracy[data-value=""]', { state: 'attached' })
  await inPhase(page, 'ready')
  expect(errors).toEqual([])
  await page.close()
})

test('it pauses, steps and resumes', async () => {
  const { page, errors } = await open('samples=6000&epochs=20')
  const status = () => page.textContent('.status')
  await press(page, 'Train')
  await inPhase(page, 'training')
  await press(page, 'Pause')
  await inPhase(page, 'paused')
  // Pending work has ended.
  await page.waitForTimeout(300)
  const held = await status()
  await page.waitForTimeout(500)
  expect(await status()).toBe(held)
  await press(page, 'Train')
  await inPhase(page, 'training')
  await press(page, 'Pause')
  await inPhase(page, 'paused')
  await press(page, 'Reset')
  await page.waitForSelector('#accuracy[data-value=""]', { state: 'attached' })
  await inPhase(page, 'ready')
  for (const batch of [1, 2, 3]) {
    await press(page, 'Step')
    await page.waitForSelector(`.status:has-text("minibatch ${batch} of 94")`)
    await inPhase(page, 'paused')
  }
  await press(page, 'Stop')
  await inPhase(page, 'ready')
  expect(errors).toEqual([])
  await page.close()
})

test('it says if it has one thread only', async () => {
  const page = await browser.newPage()
  await page.route(server.resolvedUrls!.local[0]!, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, headers: { 'content-type': 'text/html' } })
  })
  await page.goto(server.resolvedUrls!.local[0]!)
  await inPhase(page, 'ready')
  expect(await page.textContent('#engine')).toContain('Only one thread')
  await page.close()
})

test.each([
  [1280, 900, false],
  [390, 844, false],
  [1280, 900, true],
  [390, 844, true],
])('it fits a window of %i × %i, dark: %s', async (width, height, dark) => {
  const { page, errors } = await open('samples=3000&epochs=2', { width, height }, dark)
  await press(page, 'Train')
  await inPhase(page, 'training')
  await inPhase(page, 'ready')
  await draw(page, ellipse)
  await page.waitForSelector('#answer:not([data-digit=""])')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  const { SCREENSHOTS } = process.env
  if (SCREENSHOTS) {
    await page.screenshot({ path: join(SCREENSHOTS, `${width}${dark ? '-dark' : ''}.png`), fullPage: true })
  }
  expect(errors).toEqual([])
  await page.close()
})
