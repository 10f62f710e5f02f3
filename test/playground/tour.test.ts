import { travellingSalesman } from 'hebb'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { expectAlike, expectFit, link, press, runProgram, saved, served } from '../helpers/playground'

const { open } = served()

const length = async (page: Page) =>
  Number(await (await page.waitForSelector('.story[data-valid="true"]')).getAttribute('data-length'))

const cities = [
  [0.1, 0.1],
  [0.5, 0.05],
  [0.9, 0.2],
  [0.8, 0.6],
  [0.45, 0.4],
  [0.2, 0.55],
]
const query = cities.map((row) => row.join(',')).join(':')

test('its tour is that of the library, and forms step by step', async () => {
  const { page, errors } = await open(`?chapter=tour&cities=${query}&start=3`)
  const found = await travellingSalesman({ cities, seed: 3, starts: 1 })
  expect(await length(page)).toBe(found.length)
  const all = await travellingSalesman({ cities, seed: 3, starts: 8 })
  expect(await page.textContent('.story')).toContain(all.lengths.map((one) => one!.toFixed(3)).join(', '))
  const slider = page.locator('.player input')
  await slider.focus()
  await slider.press('Home')
  expect(await page.textContent('.story')).toMatch(/After \d steps of 36 units/)
  expect(await page.locator('.tour').count()).toBe(0)
  await press(page, 'Play')
  await page.waitForSelector('.tour')
  expect(await runProgram(page, (text) => text)).toContain(`${found.steps} steps of 36 units`)
  expect(errors).toEqual([])
  await page.close()
})

test('cities are clicked, moved and removed, and a link shows the same', async () => {
  const { page, errors } = await open(`?chapter=tour&cities=${query}`)
  const before = await length(page)
  const { x, y } = (await page.locator('.ground').boundingBox())!
  await page.mouse.click(x + 20, y + 20)
  await page.waitForFunction(() => document.querySelectorAll('.point').length === 7)
  await page.locator('.point').nth(6).focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForSelector('.story:has-text("49 units")')
  expect(await length(page)).toBeGreaterThan(before)
  const { page: other } = await open(await link(page))
  await expectAlike(length, page, other)
  for (let left = 6; left >= 3; left--) {
    await page.locator('.point').nth(0).focus()
    await page.keyboard.press('Delete')
    await page.waitForFunction((left) => document.querySelectorAll('.point').length === left, left)
  }
  await page.locator('.point').nth(0).focus()
  await page.keyboard.press('Delete')
  await page.waitForSelector('.problem:has-text("3 to 30 cities")')
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('penalties find no tour, and are explained and mended; the exercise counts lengths', async () => {
  const { page, errors } = await open('?chapter=tour')
  await length(page)
  await press(page, 'Penalties that fight')
  await page.waitForSelector('.story[data-valid="false"]')
  await press(page, 'Mend it')
  await length(page)
  await page.waitForSelector('.verdict[data-solved="false"]')
  await runProgram(page, (text) =>
    text.replace(
      /export const cities = \[[\s\S]*?\n\]/,
      `let now = 47514
const next = () => (now = (now * 48271) % 2147483647) / 2147483647
next()
export const cities = Array.from({ length: 30 }, () => [next(), 0.7 * next()])`,
    ),
  )
  await page.waitForSelector('.verdict[data-solved="true"]')
  const wrong = await runProgram(page, (text) => text.replace('0.7 * next', '7 * next'))
  expect(wrong).toContain('y from 0 to 0.7')
  expect(errors).toEqual([])
  await page.close()
})

test('a table of cities comes in, and goes out in the order of the tour', async () => {
  const { page, errors } = await open('?chapter=tour')
  await length(page)
  const give = (text: string) =>
    page.setInputFiles('#data input', { name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await give('east,north\n0,0\n40,60\n10,40\n50,0\n70,30\n')
  await page.waitForSelector('.story:has-text("25 units")')
  const rows = String(await saved(page, 'tour.csv'))
    .split('\n')
    .slice(1)
  const places = rows.map((row) => row.split(',').map(Number))
  const sum = places.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = places[(i + 1) % places.length]!
    return sum + Math.hypot(nextX! - x!, nextY! - y!)
  }, 0)
  expect(places.length).toBe(5)
  expect(sum).toBeCloseTo(await length(page), 6)
  // The longest of both ranges, 60, is 0.6 of the figure.
  expect(Math.max(...places.map(([, y]) => y!))).toBeCloseTo(0.65, 6)
  await give('1,2\n')
  await page.waitForSelector('.problem:has-text("the page takes 3 to 30 rows of x and y")')
  expect(errors).toEqual([])
  await page.close()
})

test('it fits desktops and phones, light and dark', async () => {
  const { page, errors } = await open('?chapter=tour')
  await length(page)
  await expectFit(page, 'tour')
  expect(errors).toEqual([])
  await page.close()
})
