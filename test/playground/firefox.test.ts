// The pages in Firefox, and the same links in both browsers.
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { firefoxPath } from '../helpers/launch'
import { expectAlike, link, served } from '../helpers/playground'

const { now, open } = served()
let firefox: Browser

beforeAll(async () => {
  firefox = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    // As in the other tests, the pages come from this file's server alone.
    extraPrefsFirefox: { 'dom.serviceWorkers.enabled': false },
  })
})

afterAll(async () => {
  await firefox?.close()
})

/** The text of an element, as soon as there is one; puppeteer's own waiting sleeps where nothing is painted. */
async function text(page: Page, selector: string): Promise<string> {
  const limit = performance.now() + 90_000
  for (;;) {
    const found = await page.evaluate((selector) => document.querySelector(selector)?.textContent, selector)
    if (found !== undefined && found !== null) return found
    if (performance.now() > limit) throw new Error(`there is no ${selector} after 90 seconds`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A page in either browser. */
interface Shown {
  evaluate: (what: () => unknown) => Promise<unknown>
}

async function visit(query: string) {
  const page = await firefox.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.setViewport({ width: 1280, height: 900 })
  await page.goto(`${now.server.resolvedUrls!.local[0]}${query}`)
  await text(page, '#engine')
  return { page, errors }
}

async function drag(page: Page, selector: string, right: number, down: number) {
  await text(page, selector)
  const box = (await (await page.$(selector))!.boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + right, y + down, { steps: 5 })
  await page.mouse.up()
}

/** The query of the page's address, once it is another one. */
async function changed(page: Page, query: string): Promise<string> {
  await page.waitForFunction((query) => location.search !== query, { polling: 100 }, query)
  return link(page)
}

test('points are dragged, programs typed and run, and the link shows the same in Chromium', async () => {
  const query = '?chapter=perceptron&seed=5'
  const { page, errors } = await visit(query)
  const before = await text(page, '.story[data-updates]')
  await drag(page, '.point .mark', 90, 40)
  await text(page, '.point')
  const moved = await changed(page, query)
  expect(moved).toContain('points=')
  const { page: other } = await open(moved)
  await other.waitForSelector('.story[data-updates]')
  const found = () => [
    document.querySelector('.story')?.textContent,
    document.querySelector('.line')?.getAttribute('points'),
  ]
  await expectAlike((one: Shown) => one.evaluate(found), page, other)
  expect(await text(page, '.story[data-updates]')).not.toBe(before)
  await other.close()

  await page.focus('.editor textarea')
  await page.keyboard.down('Control')
  await page.keyboard.press('End')
  await page.keyboard.up('Control')
  await page.keyboard.type('console.log("typed", 6 * 7)')
  await page.keyboard.down('Control')
  await page.keyboard.press('Enter')
  await page.keyboard.up('Control')
  expect(await text(page, '.output[data-busy="false"] pre')).toContain('typed 42')
  expect(errors).toEqual([])
  await page.close()
})

test('a digit is drawn and read, a network trained, and the link reads the same in Chromium', async () => {
  const query = '?chapter=lenet&samples=2000&epochs=1'
  const { page, errors } = await visit(query)
  await text(page, '#answer[data-digit="2"]')
  await drag(page, '.pad', 4, 150)
  await text(page, '#answer[data-drawn="true"]')
  const drawn = await changed(page, query)
  expect(drawn).toContain('drawing=')
  const { page: other } = await open(drawn)
  await other.waitForSelector('#answer[data-drawn="true"]')
  await other.waitForSelector('#figure .bars .share:has-text("%")')
  const shares = () => [...document.querySelectorAll('#figure .share')].map((one) => one.textContent)
  await expectAlike((one: Shown) => one.evaluate(shares), page, other)
  await other.close()
  await text(page, '#phase[data-phase="ready"]')
  await page.click('button.first')
  expect(await text(page, '#mistakes .confusion')).toContain('Digits and answers')
  expect(errors).toEqual([])
  await page.close()
})

/** What a page says in its figure and its program, but not how fast it is. */
const said = () => {
  const parts = [...document.querySelectorAll('#figure > :not(.under-figure)')].map(
    (part) => part.textContent,
  )
  return [...parts, document.querySelector<HTMLTextAreaElement>('.editor textarea')?.value]
}

/** For each page a way to change what it shows. */
const DRIVES: Record<string, (page: Page) => Promise<unknown>> = {
  neuron: (page) => page.select('#figure select', 'nand'),
  descent: (page) => drag(page, '.handle .knob', 40, 0),
  backpropagation: async (page) => {
    await page.focus('#figure .slider input')
    await page.keyboard.press('ArrowRight')
  },
  activations: (page) => drag(page, '.handle .knob', 60, 0),
  strategies: (page) => drag(page, '.handle .knob', 40, 20),
  rbf: (page) => drag(page, '.point .mark', -30, 40),
  hopfield: (page) => page.click('#figure ::-p-text(Reverse)'),
  tour: (page) => drag(page, '.point .mark', 50, 30),
  convolution: (page) => page.select('#figure select', 'blur'),
  'recurrent&temperature=0': (page) => page.select('#figure select', 'gru'),
}

test.each(Object.entries(DRIVES))(
  '%s is driven, and its link shows the same in Chromium',
  async (chapter, drive) => {
    const { page, errors } = await visit(`?chapter=${chapter}`)
    const before = await page.evaluate(said)
    await drive(page)
    const { page: other } = await open(await changed(page, `?chapter=${chapter}`))
    await expectAlike((one: Shown) => one.evaluate(said), page, other)
    expect(await page.evaluate(said)).not.toEqual(before)
    expect(errors).toEqual([])
    await other.close()
    await page.close()
  },
)

/** The pixels of the map that AlexNet's page shows, as colours in a row. */
const pixels = () => {
  const canvas = document.querySelector<HTMLCanvasElement>('.one-map canvas')!
  return [...canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data]
}

test('AlexNet shows another layer of its cat in other colours, and the link the same map in Chromium', async () => {
  const query = '?chapter=alexnet'
  const { page, errors } = await visit(query)
  expect(await text(page, '.one-map figcaption')).toContain('features.0, map 1: 55 × 55')
  const before = await page.evaluate(pixels)
  expect(new Set(before).size).toBeGreaterThan(50)
  await page.select('#figure select', 'bgr')
  await page.click('.costs ::-p-text(features.3)')
  const moved = await changed(page, query)
  await page.waitForFunction(() => document.querySelector('.one-map')?.textContent.includes('features.3'), {
    polling: 100,
  })
  const { page: other } = await open(moved)
  await expectAlike((one: Shown) => one.evaluate(said), page, other)
  await vi.waitFor(
    async () => {
      const [here, there] = [await page.evaluate(pixels), await other.evaluate(pixels)]
      expect(here.length).toBe(there.length)
      // One browser fuses products and sums, the other rounds between them: a colour may be the next one.
      expect(here.filter((value, i) => Math.abs(value - there[i]!) > 2)).toEqual([])
      expect(here).not.toEqual(before)
    },
    { timeout: 90_000, interval: 200 },
  )
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})
