import { hopfield, loadMemory } from 'hebb'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import {
  expectAlike,
  expectFit,
  link,
  press,
  runProgram,
  saved,
  served,
  watchTasks,
} from '../helpers/playground'

const { open } = served()

const settled = (page: Page) =>
  page.waitForSelector('.rules button[data-rule="dense"] small:not(:text-is("…"))')
const story = (page: Page) => page.textContent('.story.fall')
const short = (page: Page, rule: string) => page.textContent(`.rules button[data-rule="${rule}"] small`)

/** The rows of a letter, as the page enlarges them. */
function letter(rows: string, side: number): number[] {
  const lines = rows.split(' ')
  const at = (place: number) => Math.floor((place * 5) / side)
  return Array.from({ length: side * side }, (_, i) =>
    lines[at(Math.floor(i / side))]![at(i % side)] === '#' ? 1 : -1,
  )
}
const H = '#...# #...# ##### #...# #...#'
const T = '##### ..#.. ..#.. ..#.. ..#..'
const Z = '##### ...#. ..#.. .#... #####'

test('what it recalls is what the library recalls, change by change', async () => {
  const { page, errors } = await open('?chapter=hopfield&cue=T&seed=4')
  await settled(page)
  const memory = await hopfield({ units: 100 }).store([H, T, Z].map((rows) => letter(rows, 10)))
  const { energy } = await memory.recall(letter(T, 10))
  expect(await page.getAttribute('.story.fall', 'data-energy')).toBe(String(energy))
  expect(await story(page)).toContain('It recalls T.')
  await press(page, 'Disturb')
  await page.waitForFunction(() => /of 2\d/.test(document.querySelector('.player')?.textContent ?? ''))
  expect(await story(page)).toContain('It recalls T.')
  const slider = page.locator('.player input')
  await slider.focus()
  await slider.press('Home')
  expect(await story(page)).toContain('The state is the cue.')
  await slider.press('ArrowRight')
  expect(await story(page)).toMatch(
    /The unit in row \d+, column \d+ was −?1; its net input is −?\d+, so it becomes −?1/,
  )
  await press(page, 'Play')
  await page.waitForSelector('.story.fall:has-text("It recalls T.")')
  expect(errors).toEqual([])
  await page.close()
})

test('the cue is drawn by pointer and keys, stored and forgotten, and a link shows the same', async () => {
  const { page, errors } = await open('?chapter=hopfield')
  await settled(page)
  await press(page, 'Clear')
  const { x, y, width } = (await page.locator('.grid').boundingBox())!
  await page.mouse.move(x + width / 20, y + width / 20)
  await page.mouse.down()
  await page.mouse.move(x + width / 20, y + 0.95 * width, { steps: 20 })
  await page.mouse.up()
  await page.locator('.grid').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space')
  await press(page, 'Store it')
  await page.waitForSelector('.stored button[aria-label="Show picture 4"]')
  await page.waitForSelector('.story.fall:has-text("It recalls picture 4.")')
  await press(page, 'Cover the lower half')
  const { page: other } = await open(await link(page))
  await settled(other)
  await expectAlike((one) => one.getAttribute('.story.fall', 'data-energy'), page, other)
  const output = await runProgram(other, (text) => text)
  expect(output).toContain(`energy ${await other.getAttribute('.story.fall', 'data-energy')} after`)
  await page.click('button[aria-label="Forget picture 4"]')
  await page.waitForFunction(() => document.querySelectorAll('.stored > div').length === 3)
  await page.selectOption('.stored select', 'K')
  await page.waitForSelector('.stored button[aria-label="Show K"]')
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('each mistake is seen, explained and mended', async () => {
  const { page, errors } = await open('?chapter=hopfield')
  await settled(page)
  await press(page, 'All units at once')
  await page.waitForSelector('.story.fall[data-reason="cycle"]')
  await press(page, 'Two that look alike')
  await page.waitForSelector('.story.fall:has-text("It recalls E.")')
  await settled(page)
  expect(await short(page, 'pseudoInverse')).toBe('F')
  await press(page, 'Store too much')
  await page.waitForFunction(() => document.querySelectorAll('.stored > div').length === 8)
  await page.waitForSelector('.rules button[data-rule="hebb"] small:text-is("a mixture")')
  await settled(page)
  expect(await short(page, 'flow')).toBe('E')
  await press(page, 'Mend it')
  await page.waitForFunction(() => document.querySelectorAll('.stored > div').length === 3)
  expect(errors).toEqual([])
  await page.close()
})

test('the exercise: the majority of all three is a state that nobody stored', async () => {
  const { page } = await open('?chapter=hopfield')
  await page.waitForSelector('.verdict[data-solved="false"]')
  const majority = letter(H, 10).map((h, i) => Math.sign(h + letter(T, 10)[i]! + letter(Z, 10)[i]!))
  await runProgram(page, (text) =>
    text.replace(/export const cue = read\(`[^`]*`\)/, `export const cue = [${majority}]`),
  )
  await page.waitForSelector('.verdict[data-solved="true"]')
  expect(await story(page)).toContain('a mixture nobody stored')
  const refused = await runProgram(
    page,
    (text) => `${text.replace('export const cue', 'const asked').replace('recall(cue', 'recall(asked')}
export const cue = [2]`,
  )
  expect(refused).toContain('The cue has 100 numbers')
  await page.close()
})

test('thousands of units, a picture of the reader, and the memory as a file', async () => {
  const { page, errors } = await open('?chapter=hopfield&units=2500&rule=pseudoInverse&stored=H.T')
  const longest = await watchTasks(page)
  await page.waitForSelector('.story.fall:has-text("It recalls H.")')
  await page.setInputFiles('#data input', 'docs/figures/chelsea.jpg')
  await page.waitForSelector('.story.fall:has-text("It recalls picture 3.")')
  await press(page, 'Disturb')
  await page.waitForFunction(() => /of 6\d\d/.test(document.querySelector('.player')?.textContent ?? ''))
  expect(await story(page)).toContain('It recalls picture 3.')
  expect(await longest()).toBeLessThan(50)
  const memory = await loadMemory(await saved(page, 'memory.safetensors'))
  expect([memory.units, memory.count]).toEqual([2500, 3])
  expect((await memory.recall(letter(T, 50))).pattern).toBe(1)
  expect(errors).toEqual([])
  await page.close()
})

test('the capacity is measured: below the critical load nearly all is recalled, above it nearly nothing', async () => {
  const { page } = await open('?chapter=hopfield')
  await settled(page)
  // It begins by itself.
  await page.locator('#capacity').scrollIntoViewIfNeeded()
  await page.waitForSelector('#capacity button:text-is("Stop")')
  await page.waitForSelector('#capacity button:text-is("Measure")')
  const heights = await page
    .locator('#capacity .curve.negative circle')
    .evaluateAll((all) => all.map((one) => Number(one.getAttribute('cy'))))
  const [top, bottom] = await page
    .locator('#capacity .critical')
    .evaluate((line) => [Number(line.getAttribute('y2')), Number(line.getAttribute('y1'))])
  const part = (height: number) => ((bottom! - height) / (bottom! - top!)) * 1.02
  expect(heights.length).toBe(13)
  expect(part(heights[0]!)).toBeGreaterThan(0.95)
  expect(part(heights.at(-1)!)).toBeLessThan(0.2)
  await page.selectOption('#capacity select', 'rules')
  // Pressed by the page itself, at once: from outside, on a loaded machine, it may come after the end.
  const stopped = page.evaluate(() => {
    const capacity = document.querySelector('#capacity')!
    return new Promise<void>((done) => {
      const look = new MutationObserver(() => {
        if (capacity.querySelectorAll('.curve.fifth circle').length < 3) return
        look.disconnect()
        const buttons = [...capacity.querySelectorAll('button')]
        buttons.find(({ textContent }) => textContent === 'Stop')!.click()
        done()
      })
      look.observe(capacity, { childList: true, subtree: true })
    })
  })
  await press(page, 'Measure')
  await stopped
  await page.waitForSelector('#capacity button:text-is("Measure")')
  const measured = await page.locator('#capacity .curve.positive circle').count()
  expect(measured).toBeLessThan(15)
  const dense = await page
    .locator('#capacity .curve.fifth circle')
    .evaluateAll((all) => all.map((one) => Number(one.getAttribute('cy'))))
  expect(Math.min(...dense.map(part))).toBeGreaterThan(0.95)
  await page.close()
})

test('it fits desktops and phones, light and dark', async () => {
  const { page, errors } = await open('?chapter=hopfield')
  await settled(page)
  await expectFit(page, 'hopfield')
  expect(errors).toEqual([])
  await page.close()
})
