import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { atRest, expectAlike, expectFit, link, press, runProgram, saved, served } from '../helpers/playground'

const { open } = served()

const ready = (page: Page) => page.waitForSelector('.framed.pointed canvas')
const number = (text: string | null) => Number(text!.replace('−', '-'))
async function map(page: Page): Promise<number[][]> {
  const text = String(await saved(page, 'map.csv'))
  return text.split('\n').map((row) => row.split(',').map(Number))
}

/** A picture that is dark on the left and light on the right, with one grey pixel. */
const half = Array.from({ length: 40 }, (_, row) => {
  const line = `${'0'.repeat(20)}${'f'.repeat(20)}`
  return row === 10 ? `${line.slice(0, 5)}9${line.slice(6)}` : line
}).join('')

test('its map is the convolution by definition, for stride, padding and ReLU', async () => {
  const weights = [1, -2, 0.5, 3, 0.25, -1, 0, 2, -1.5]
  const { page, errors } = await open(
    `?chapter=convolution&picture=${half}&filter=${weights}&stride=2&padding=1&relu=yes&bias=0.3`,
  )
  await ready(page)
  const pixel = (row: number, column: number) =>
    row < 0 || column < 0 || row > 39 || column > 39 ? 0 : Number.parseInt(half[40 * row + column]!, 16) / 15
  const rows = await map(page)
  expect([rows.length, rows[0]!.length]).toEqual([20, 20])
  for (const [i, row] of rows.entries()) {
    for (const [j, value] of row.entries()) {
      const net = weights.reduce(
        (sum, w, k) => sum + w * pixel(2 * i - 1 + Math.floor(k / 3), 2 * j - 1 + (k % 3)),
        0.3,
      )
      expect(value).toBeCloseTo(Math.max(0, net), 5)
    }
  }
  expect(errors).toEqual([])
  await page.close()
})

test('a number of the map is taken apart, by pointer and by keys, and the filter moves', async () => {
  const { page, errors } = await open(`?chapter=convolution&picture=${half}&window=0`)
  await ready(page)
  await page.locator('.framed.pointed').focus()
  for (let i = 0; i < 9; i++) await page.keyboard.press('ArrowDown')
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
  // The grey pixel, 9/15, is in the middle of this window, whose weight is 0; one row below it has the weight −2.
  expect(await page.textContent('.arithmetic p')).toContain('Row 10, column 5 of the map')
  expect(number(await page.textContent('#net'))).toBe(0)
  await page.keyboard.press('ArrowDown')
  expect(number(await page.textContent('#net'))).toBe(-1.2)
  expect((await map(page))[10]![4]).toBeCloseTo(-1.2, 5)
  await page.locator('.framed.pointed').scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await page.locator('.framed.pointed').boundingBox())!
  await page.mouse.move(x + width - 3, y + height - 3)
  await page.waitForSelector('.player:has-text("Window 1444 of 1444")')
  await press(page, 'Play')
  await page.waitForFunction(() =>
    /Window [1-9]\d\d? of/.test(document.querySelector('.player')?.textContent ?? ''),
  )
  await press(page, 'Pause')
  expect(errors).toEqual([])
  await page.close()
})

test('the exercise is solved by a filter that is typed; each mistake is seen and mended', async () => {
  const { page, errors } = await open('?chapter=convolution')
  await ready(page)
  expect(await page.textContent('.verdict')).toContain('level edges')
  await press(page, 'A bias far below 0')
  await page.waitForSelector('.slider:has-text("−9")')
  await expect.poll(async () => (await map(page)).flat().every((value) => value === 0)).toBe(true)
  await press(page, 'A stride wider than the filter')
  await page.waitForSelector('figcaption:has-text("Map, 8 × 8")')
  await press(page, 'Mend it')
  await page.waitForSelector('figcaption:has-text("Map, 38 × 38")')
  for (const [i, value] of [-1, 0, 1, -2, 0, 2, -1, 0, 1].entries()) {
    await page.locator('.numbers input').nth(i).fill(String(value))
  }
  await page.waitForSelector('.verdict[data-solved="true"]')
  expect(errors).toEqual([])
  await page.close()
})

test('an own picture, and the program with its filter; a link shows the same', async () => {
  const { page, errors } = await open('?chapter=convolution')
  await ready(page)
  const before = await map(page)
  await page.setInputFiles('#data input', 'docs/figures/chelsea.jpg')
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('export const picture'))
  await expect.poll(() => map(page)).not.toEqual(before)
  const output = await runProgram(page, (text) =>
    text.replace(
      /export const filter = \[[\s\S]*?\n\]/,
      'export const filter = [[0, 0, 0], [0, 2, 0], [0, 0, 0]]',
    ),
  )
  expect(output).toContain('conv2d')
  const net = number(await page.textContent('#net'))
  expect(number(/window 500: (\S+)/.exec(output)![1]!)).toBeCloseTo(net, 2)
  const { page: other } = await open(await link(page))
  await ready(other)
  await expectAlike(map, page, other)
  const wrong = await runProgram(page, (text) => text.replace("].join('')", "].join('').slice(1)"))
  expect(wrong).toMatch(/1599|40 × 40 digits/)
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('pictures of a camera come one after another, until it is stopped', async () => {
  const { page, errors } = await open('?chapter=convolution')
  await ready(page)
  const program = () => page.inputValue('.editor textarea')
  const other = (than: string) =>
    page.waitForFunction(
      (than) => document.querySelector<HTMLTextAreaElement>('.editor textarea')!.value !== than,
      than,
    )
  await press(page, 'Use the camera')
  await other(await program())
  await other(await program())
  await press(page, 'Stop the camera')
  await atRest(page, program, 900)
  expect(errors).toEqual([])
  await page.close()
})

test('it fits desktops and phones, light and dark', async () => {
  const { page, errors } = await open('?chapter=convolution')
  await ready(page)
  await expectFit(page, 'convolution')
  expect(errors).toEqual([])
  await page.close()
})
