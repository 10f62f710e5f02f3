import { rbfNetwork } from 'hebb'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { expectAlike, expectFit, link, press, runProgram, saved, served } from '../helpers/playground'

const { open } = served()

const swept = (page: Page) => page.waitForSelector('[data-swept="true"]')
const width = (page: Page) => page.textContent('.story.width')
const rows = [
  [-2.5, 0.9],
  [-1.5, -0.2],
  [-0.5, -0.8],
  [0.5, 0.9],
  [1.5, 0.1],
  [2.5, -0.9],
]
const query = rows.map((row) => `${row.join(',')},1`).join(':')

test('its errors are those of the library, and the least selection error is marked', async () => {
  const { page, errors } = await open(
    `?chapter=rbf&sigma=0.8&units=4&train=${query}&selection=-2,0.7,1:0,0.2,1:2,-0.6,1`,
  )
  await swept(page)
  const x = rows.map(([x]) => [x!])
  const net = await rbfNetwork(
    x,
    rows.map(([, t]) => [t!]),
    { units: 4, widths: 0.8 },
  )
  const errorOf = async (rows: number[][]) => {
    const { data } = await net.predict(rows.map(([x]) => [x!]))
    return Math.sqrt(rows.reduce((sum, [, t], i) => sum + (data[i]! - t!) ** 2, 0) / rows.length).toPrecision(
      3,
    )
  }
  expect(await page.textContent('.story b.train')).toBe(await errorOf(rows))
  expect(await page.textContent('.story b.selection')).toBe(
    await errorOf([
      [-2, 0.7],
      [0, 0.2],
      [2, -0.6],
    ]),
  )
  expect(await page.locator('.part').count()).toBe(5)
  // The mark is the lowest place of the selection curve.
  const heights = (await page.getAttribute('.error.selection', 'points'))!
    .split(' ')
    .map((at) => Number(at.split(',')[1]))
  expect(Number(await page.getAttribute('circle.best', 'cy'))).toBeCloseTo(Math.max(...heights), 0)
  // The program computes the same.
  expect(await runProgram(page, (text) => text)).toContain(
    `chosen: σ = 0.8 { train: ${await page.textContent('.story b.train')}`.slice(0, -1),
  )
  expect(errors).toEqual([])
  await page.close()
})

test('the exercise is solved by a width in the middle; each mistake is seen and mended', async () => {
  const { page, errors } = await open('?chapter=rbf')
  await page.waitForSelector('.verdict[data-solved="false"]:has-text("above the least")')
  await press(page, 'Much too narrow')
  await page.waitForFunction(() => Number(document.querySelector('.story b.train')?.textContent) < 0.02)
  expect(Number(await page.textContent('.story b.selection'))).toBeGreaterThan(0.5)
  await press(page, 'Regularize too much')
  await page.waitForFunction(() => Number(document.querySelector('.story b.train')?.textContent) > 0.3)
  await press(page, 'Mend it')
  await swept(page)
  const best = /σ = ([\d.]+) has the least/.exec((await page.textContent('.values'))!)![1]!
  await runProgram(page, (text) => text.replace(/export const sigma = .*/, `export const sigma = ${best}`))
  await page.waitForSelector('.verdict[data-solved="true"]')
  const wrong = await runProgram(page, (text) =>
    text.replace(/export const sigma = .*/, 'export const sigma = 0.5 * 100'),
  )
  expect(wrong).toContain('Export sigma as a number from 0.01 to 20')
  expect(errors).toEqual([])
  await page.close()
})

test('a boundary: samples move, and a link shows the same', async () => {
  const { page, errors } = await open('?chapter=rbf&sigma=0.6')
  await swept(page)
  await page.selectOption('.choice select', 'boundary')
  await page.waitForSelector('image')
  await swept(page)
  expect(await page.locator('.held').count()).toBe(60)
  const before = await page.getAttribute('image', 'href')
  await page.locator('.point').nth(3).focus()
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowUp')
  await page.waitForFunction(
    (before) => (document.querySelector('image')?.getAttribute('href') ?? before) !== before,
    before,
  )
  const { page: other } = await open(await link(page))
  await swept(other)
  await expectAlike((one) => Promise.all([width(one), one.getAttribute('image', 'href')]), page, other)
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('a table comes in, every third row for selection, and goes out', async () => {
  const { page, errors } = await open('?chapter=rbf')
  await swept(page)
  const give = (text: string) =>
    page.setInputFiles('#data input', { name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await give(`when,load\n${Array.from({ length: 12 }, (_, i) => `${10 * i},${100 + i * i}`).join('\n')}\n`)
  await page.waitForFunction(() => document.querySelectorAll('#figure .point').length === 8)
  expect(await page.locator('.held').count()).toBe(4)
  const rows = String(await saved(page, 'samples.csv')).split('\n')
  expect(rows[0]).toBe('x,t')
  expect(rows.length).toBe(13)
  await give('a,b\n1,2\n3,4\n')
  await page.waitForSelector('#figure .problem:has-text("the page takes 6 to 300 rows of x and t")')
  expect(errors).toEqual([])
  await page.close()
})

test('lifted points are parted by a plane, and a kernel is a polynomial of the degree that its width takes', async () => {
  const { page, errors } = await open('?chapter=rbf&lift=none')
  const parts = (yes: boolean) => page.waitForSelector(`[data-parts="${yes}"]`)
  await parts(false)
  expect(await page.locator('#lift .face').count()).toBe(1)
  await page.getByLabel('z is').selectOption('square')
  await parts(true)
  await page.locator('.space').scrollIntoViewIfNeeded()
  const { x, y } = (await page.locator('.space').boundingBox())!
  await page.mouse.move(x + 100, y + 100)
  await page.mouse.down()
  await page.mouse.move(x + 60, y + 120, { steps: 4 })
  await page.mouse.up()
  await page.waitForFunction(() => /turn=45&tilt=30/.test(location.search))
  await page.locator('#lift .point.class0').first().focus()
  for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await parts(false)

  // Of K(x, x) a polynomial of degree d has the share P(N ≤ d), where N is a Poisson variable with the mean (x/σ)².
  let [degree, term, sum] = [0, Math.exp(-9), Math.exp(-9)]
  for (; sum < 0.99; sum += term) term *= 9 / ++degree
  expect(await page.getAttribute('[data-needed]', 'data-needed')).toBe(String(degree))
  const heights = async (line: string) =>
    (await page.getAttribute(`#taylor .${line}`, 'points'))!.split(' ').map((at) => Number(at.split(',')[1]))
  const apart = async () => {
    const [kernel, polynomial] = [await heights('theirs'), await heights('line')]
    return Math.max(...kernel.map((value, i) => Math.abs(value - polynomial[i]!)))
  }
  expect(await apart()).toBeGreaterThan(10)
  await page.locator('#taylor .slider input').first().fill('17')
  await page.waitForSelector('#taylor:has-text("powers up to 17")')
  expect(await apart()).toBeLessThan(0.2)
  expect(errors).toEqual([])
  await page.close()
})

test('it fits desktops and phones, light and dark', async () => {
  const { page, errors } = await open('?chapter=rbf')
  await swept(page)
  await expectFit(page, 'rbf')
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.selectOption('.choice select', 'boundary')
  await page.waitForSelector('image')
  await swept(page)
  await expectFit(page, 'rbf-boundary')
  expect(errors).toEqual([])
  await page.close()
})
