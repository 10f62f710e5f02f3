// The page of LeNet-5: it reads drawings at once, trains, and never freezes.
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import {
  atRest,
  expectAlike,
  expectFit,
  link,
  press,
  runProgram,
  served,
  watchTasks,
} from '../helpers/playground'

const { now, open: openAny } = served()

async function open(query: string) {
  const opened = await openAny(`?chapter=lenet&${query}`)
  await inPhase(opened.page, 'ready')
  return opened
}

function inPhase(page: Page, phase: string) {
  return page.waitForSelector(`#phase[data-phase=${phase}]`)
}

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
const one: [number, number][] = [
  [0.5, 0.15],
  [0.5, 0.85],
]
const seven: [number, number][] = [
  [0.28, 0.18],
  [0.72, 0.18],
  [0.45, 0.85],
]

const says = (page: Page, digit: string) =>
  page.waitForSelector(`#answer[data-digit="${digit}"][data-drawn="true"]`)
const empty = (page: Page) => page.waitForSelector('#answer[data-drawn="false"]')

/** Whether it recognises drawings. */
async function reads(page: Page) {
  for (const [digit, points] of [
    ['1', one],
    ['0', ellipse],
    ['7', seven],
  ] as const) {
    await draw(page, points)
    await says(page, digit)
    await press(page, 'Clear')
    await empty(page)
  }
}

test('it reads before the digits to train on have come, and again after a reset', async () => {
  const page = await now.browser.newPage({ serviceWorkers: 'block' })
  let arrive = () => {}
  const wait = new Promise<void>((resolve) => {
    arrive = resolve
  })
  await page.route('**/mnist/*', async (route) => {
    await wait
    await route.continue()
  })
  await page.goto(`${now.server.resolvedUrls!.local[0]}?chapter=lenet&samples=1000&epochs=1`)
  // The digit to trace is read first.
  await page.waitForSelector('#answer[data-digit="2"][data-drawn="false"]')
  await reads(page)
  expect(await page.getAttribute('#phase', 'data-phase')).toBe('loading')
  arrive()
  await inPhase(page, 'ready')
  await press(page, 'Step')
  await inPhase(page, 'paused')
  expect(await page.textContent('#figure')).toContain('every answer is a guess')
  await press(page, 'Reset')
  await page.waitForSelector('#figure:has-text("99.5 %")')
  await inPhase(page, 'ready')
  await reads(page)
  await page.close()
})

test('a demonstration fills the curves, unless motion is to be reduced', async () => {
  const { page, errors } = await open('samples=2000')
  await page.waitForSelector('.status:has-text("A demonstration")')
  await page.waitForFunction(() =>
    document.querySelector('.legend .selection')?.textContent.includes('right'),
  )
  expect(await accuracy(page)).toBe(0)
  await press(page, 'Step')
  await inPhase(page, 'paused')
  expect(await page.textContent('.status')).not.toContain('A demonstration')
  expect(errors).toEqual([])
  await page.close()
  const calm = await now.browser.newPage({ reducedMotion: 'reduce', serviceWorkers: 'block' })
  await calm.goto(`${now.server.resolvedUrls!.local[0]}?chapter=lenet&samples=1000`)
  await inPhase(calm, 'ready')
  expect(await calm.textContent('.status')).not.toContain('A demonstration')
  await calm.close()
})

test('it trains without freezing, and says how well on digits never seen', async () => {
  const { page, errors } = await open('samples=12000&epochs=5')
  expect(Number(await page.getAttribute('#engine', 'data-threads'))).toBeGreaterThan(0)
  const longest = await watchTasks(page)
  await press(page, 'Train')
  await inPhase(page, 'training')
  await inPhase(page, 'ready')
  expect(await longest()).toBeLessThan(50)
  expect(await accuracy(page)).toBeGreaterThanOrEqual(0.97)
  expect(await page.textContent('.status')).toMatch(
    /Done: 9[78]\.?\d* % of 10,000 digits never seen are right, after \d+\.\d s/,
  )

  // The table counts all test digits, and each mistake that is shown can be read again.
  const counts = await page.locator('.confusion tbody td').allTextContents()
  expect(counts.reduce((sum, text) => sum + (Number(text) || 0), 0)).toBe(10_000)
  const mistake = page.locator('#mistakes .chooser button').first()
  const [, answer] = (await mistake.textContent())!.split(' → ')
  await mistake.click()
  await says(page, answer!)
  await reads(page)

  // The network before its first epoch, and that of now, for a digit that it has read.
  const answers = () => page.textContent('#figure .bars')
  await draw(page, one)
  await says(page, '1')
  // Each part of the stroke was read: the whole one has been when its answer stays.
  const now = await atRest(page, answers)
  const epochs = page.locator('#learning .player input')
  await epochs.fill('0')
  await page.waitForFunction((text) => document.querySelector('#figure .bars')!.textContent !== text, now)
  await epochs.fill('5')
  await page.waitForFunction((text) => document.querySelector('#figure .bars')?.textContent === text, now)
  expect(errors).toEqual([])
  await page.close()
})

test('the keyboard draws too', async () => {
  const { page, errors } = await open('samples=1000&epochs=1')
  await page.focus('.pad')
  await page.keyboard.press('Space')
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowDown')
  await says(page, '1')
  await page.keyboard.press('Delete')
  await empty(page)
  expect(errors).toEqual([])
  await page.close()
})

test('a number of a convolution is the product that the page shows', async () => {
  const { page, errors } = await open('samples=1000')
  await page.locator('.conv2 .pointed').nth(5).hover()
  await page.waitForSelector('.multiplication:has-text("Map 6, row")')
  const text = (await page.textContent('.multiplication p'))!.replaceAll('−', '-')
  const [net, answer] = [/ net = (-?\d+\.\d+)/, /tanh\(net\) = (-?\d+\.\d+)/].map((at) =>
    Number(at.exec(text)![1]),
  )
  expect(answer).toBeCloseTo(Math.tanh(net!), 2)
  await page.getByRole('slider', { name: 'Map' }).press('ArrowLeft')
  await page.waitForSelector('.multiplication:has-text("Map 5, row")')
  await page.locator('#architecture select').selectOption('conv1')
  await page.waitForSelector('.multiplication:has-text("the 25 products")')
  expect(errors).toEqual([])
  await page.close()
})

test('the program reads the drawing, and its image goes to the page', async () => {
  const { page, errors } = await open('samples=1000')
  await draw(page, seven)
  await says(page, '7')
  expect(await runProgram(page, (text) => text)).toMatch(/^7 9\d\.\d+ %/)
  // A column of ink.
  const made = 'Uint8Array.from({ length: 784 }, (_, i) => (i % 28 === 14 && i > 112 && i < 672 ? 255 : 0))'
  await runProgram(page, (text) => text.replace(/Uint8Array\.from\(text[\s\S]*?\n\)/, made))
  await says(page, '1')
  expect(await runProgram(page, () => "import { lenet5 } from 'elsewhere'")).toContain('not from elsewhere')
  expect(await runProgram(page, () => 'const a = 1\nnothing()')).toContain('nothing is not defined (line 2)')
  expect(errors).toEqual([])
  await page.close()
})

test('a drawing is in the address, and a mistake can be made and mended', async () => {
  const { page, errors } = await open('samples=1000')
  await draw(page, seven)
  await says(page, '7')
  // The network of 1998 agrees.
  await page.waitForSelector('#read-1998[data-digit="7"]')
  const { page: other } = await openAny(await link(page))
  await says(other, '7')
  await expectAlike((one) => one.locator('.share').allTextContents(), page, other)
  await press(other, 'Swap black and white')
  await other.waitForSelector('#breaks:has-text("paper 255")')
  await press(other, 'Mend it')
  await says(other, '7')
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('stop keeps the weights, reset discards them; an error stays while the training goes on', async () => {
  const { page, errors } = await open('samples=6000&epochs=20')
  await press(page, 'Train')
  await inPhase(page, 'training')
  await page.setInputFiles('#data input', {
    name: 'blank.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture'),
  })
  await page.waitForSelector('#figure .problem')
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLElement>('#accuracy')?.dataset.value) > 0.5,
  )
  expect(await page.locator('#figure .problem').count()).toBe(1)
  await press(page, 'Stop')
  await inPhase(page, 'ready')
  expect(await page.locator('#figure .problem').count()).toBe(0)
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

test('it pauses, steps and resumes, in slow motion too', async () => {
  const { page, errors } = await open('samples=6000&epochs=20')
  const status = () => page.textContent('.status')
  await press(page, 'Train')
  await inPhase(page, 'training')
  await press(page, 'Pause')
  await inPhase(page, 'paused')
  await atRest(page, status)
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
  await page.check('.check input')
  await press(page, 'Train')
  for (const batch of [5, 7]) await page.waitForSelector(`.status:has-text("minibatch ${batch} of 94")`)
  await press(page, 'Stop')
  await inPhase(page, 'ready')
  expect(errors).toEqual([])
  await page.close()
})

test('it fits desktops and phones, light and dark, after a training too', async () => {
  const { page, errors } = await open('samples=3000&epochs=2')
  await press(page, 'Train')
  await inPhase(page, 'training')
  await inPhase(page, 'ready')
  await draw(page, ellipse)
  await page.waitForSelector('#answer[data-drawn="true"]')
  await expectFit(page, 'lenet')
  // The pad is near the top, on a phone too.
  expect((await page.locator('.pad').boundingBox())!.y).toBeLessThan(500)
  expect(errors).toEqual([])
  await page.close()
})
