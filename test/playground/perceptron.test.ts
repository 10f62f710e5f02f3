// The page of the perceptron: points to drag, corrections to step through, tables in and out.
import { readFileSync } from 'node:fs'
import { perceptron } from 'hebb'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { expectAlike, expectFit, link, press, runProgram, saved, served } from '../helpers/playground'

const { open } = served()

const story = (page: Page) => page.waitForSelector('.story[data-updates]')
const updates = async (page: Page) => Number(await (await story(page)).getAttribute('data-updates'))

const square = '-0.5,-0.5,0:-0.4,0.3,0:0.5,0.5,1:0.6,-0.2,1'

test('its corrections are those of the library, and step through', async () => {
  const { page, errors } = await open(`?chapter=perceptron&points=${square}`)
  const rows = square.split(':').map((row) => row.split(',').map(Number))
  const model = await perceptron({ inputs: 2 }).fit(
    rows.map(([x, y]) => [x!, y!]),
    rows.map(([, , t]) => t!),
  )
  expect(await updates(page)).toBe(model.updates)
  expect(Number(await page.textContent('#remaining'))).toBe(Math.floor(model.bound!) - model.updates)
  const slider = page.locator('.player input')
  await slider.focus()
  await slider.press('Home')
  expect(await page.textContent('.story')).toContain('All weights are 0')
  await slider.press('ArrowRight')
  expect(await page.textContent('.player')).toContain(`Correction 1 of ${model.updates}`)
  const { net } = model.units[0]!.history[0]!
  expect(await page.textContent('.story')).toContain(`net input was ${net.toFixed(2)}`)
  await press(page, 'Play')
  await page.waitForSelector(`.player:has-text("Correction ${model.updates} of ${model.updates}")`)
  expect(errors).toEqual([])
  await page.close()
})

test('points are dragged, added, changed and removed, by pointer and by keys', async () => {
  const { page, errors } = await open(`?chapter=perceptron&points=${square}`)
  await story(page)
  const point = page.locator('.point').nth(2)
  const { x, y } = (await point.locator('.mark').boundingBox())!
  await page.mouse.move(x + 7, y + 7)
  await page.mouse.down()
  await page.mouse.move(x - 60, y + 40, { steps: 5 })
  await page.mouse.up()
  expect(await point.getAttribute('aria-label')).not.toContain('at 0.50, 0.50')
  const ground = (await page.locator('.ground').boundingBox())!
  await page.mouse.click(ground.x + 30, ground.y + 30)
  await page.waitForFunction(() => document.querySelectorAll('.point').length === 5)
  await page.locator('.point').nth(4).focus()
  expect(await page.locator('.point').nth(4).getAttribute('class')).toContain('class1')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement!.classList.contains('class0'))
  const before = await page.locator('.point').nth(4).getAttribute('aria-label')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction((label) => document.activeElement?.getAttribute('aria-label') !== label, before)
  await page.keyboard.press('Delete')
  await page.waitForFunction(() => document.querySelectorAll('.point').length === 4)
  // A link shows the same.
  const { page: other } = await open(await link(page))
  await expectAlike((one) => Promise.all([updates(one), one.getAttribute('.line', 'points')]), page, other)
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('each mistake is seen, explained and mended', async () => {
  const { page, errors } = await open('?chapter=perceptron&seed=3')
  const usual = await updates(page)
  await press(page, 'A point among the others')
  await page.waitForSelector('.story:not([data-reason="converged"])')
  expect(await page.textContent('.story')).toContain('No end after')
  await press(page, 'Forget one class')
  await page.waitForSelector('.problem:has-text("no sample is of class 0")')
  await press(page, 'Mend it')
  await page.waitForFunction(() => !document.querySelector('#figure .problem'))
  expect(await updates(page)).toBe(usual)
  expect(errors).toEqual([])
  await page.close()
})

test('the exercise is solved by hard points, and stays solved', async () => {
  const { page } = await open(`?chapter=perceptron&points=${square}`)
  await page.waitForSelector('.verdict[data-solved="false"]')
  await runProgram(page, (text) =>
    text.replace(
      /export const points = \[[\s\S]*?\n\]/,
      'export const points = [[0.9, 0.5, 1], [0.9, 0.52, 0], [-0.9, -0.5, 1]]',
    ),
  )
  await page.waitForSelector('.verdict[data-solved="true"]')
  await press(page, 'Other points')
  await page.waitForSelector('.verdict:has-text("Solved.")')
  await page.close()
})

test('a table comes in and goes out; what cannot be read is said', async () => {
  const { page, errors } = await open('?chapter=perceptron')
  await story(page)
  const give = (text: string) =>
    page.setInputFiles('#data input', { name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await give('long,wide,kind\n0,0,no\n4,4,yes\n5,3,yes\n')
  await page.waitForFunction(() => document.querySelectorAll('.point').length === 3)
  expect(String(await saved(page, 'points.csv'))).toBe('x1,x2,class\n0,0,0\n4,4,1\n5,3,1')
  await give('a,b\n1,2\n')
  await page.waitForSelector(
    '#figure .problem:has-text("the page takes at most 500 rows of 2 numbers and 2 classes")',
  )
  const picture = page.waitForEvent('download')
  await press(page, 'Save picture')
  expect(readFileSync(await (await picture).path(), 'utf8')).toMatch(
    /^<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*><rect[^>]*fill="rgb\(255, 255, 255\)"/,
  )
  expect(errors).toEqual([])
  await page.close()
})

test('the program shows its line, and refuses what is none', async () => {
  const { page, errors } = await open(`?chapter=perceptron&points=${square}`)
  await story(page)
  expect(await runProgram(page, (text) => text)).toContain(
    `converged after ${await updates(page)} corrections`,
  )
  await page.waitForSelector('.theirs')
  const wrong = await runProgram(page, (text) =>
    text.replace(/export const line = .*/, 'export const line = [1, NaN]'),
  )
  expect(wrong).toContain('three finite numbers')
  expect(errors).toEqual([])
  await page.close()
})

test('it fits desktops and phones, light and dark', async () => {
  const { page, errors } = await open('?chapter=perceptron')
  await story(page)
  await expectFit(page, 'perceptron')
  expect(errors).toEqual([])
  await page.close()
})
