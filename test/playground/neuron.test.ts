// The page of the neuron: gates by hand.
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { expectFit, link, press, runProgram, saved, served } from '../helpers/playground'

const { open } = served()

const right = (page: Page, rows: number) => page.waitForSelector(`.truth[data-right="${rows}"]`)

/** Sets the slider of a name by keys, from its least value. */
async function slide(page: Page, name: string, presses: number) {
  const slider = page.getByRole('slider', { name })
  await slider.press('Home')
  for (let i = 0; i < presses; i++) await slider.press('ArrowRight')
}

test('a gate is found by hand, and the exercise notices', async () => {
  const { page, errors } = await open('?chapter=neuron')
  await right(page, 4)
  await page.getByLabel('The gate to be').selectOption('nand')
  await right(page, 0)
  await slide(page, 'Weight w₁', 10)
  await slide(page, 'Weight w₂', 10)
  // w = (−1, −1), θ = −1.5.
  await slide(page, 'Threshold θ', 25)
  await right(page, 4)
  await page.waitForSelector('.verdict[data-solved="true"]')
  const { page: other } = await open(await link(page))
  await right(other, 4)
  expect(await other.textContent('.truth')).toBe(await page.textContent('.truth'))
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('each mistake is seen: XOR, a threshold that is met, weights of 0', async () => {
  const { page, errors } = await open('?chapter=neuron')
  await press(page, 'Ask for XOR')
  await right(page, 3)
  await press(page, 'A threshold that is met exactly')
  await page.waitForSelector('.truth:has-text("0.7999999999999999")')
  await right(page, 3)
  await press(page, 'Weights of 0')
  await right(page, 3)
  await press(page, 'Mend it')
  await right(page, 4)
  expect(errors).toEqual([])
  await page.close()
})

test('the program finds XOR with two layers', async () => {
  const { page, errors } = await open('?chapter=neuron&gate=xor&threshold=1')
  await right(page, 3)
  const table = String(await saved(page, 'gate.csv'))
  expect(table).toBe('x1,x2,net,y,target\n0,0,0,0,0\n0,1,1,1,1\n1,0,1,1,1\n1,1,2,1,0')
  expect(await runProgram(page, (text) => text)).toContain('XOR of two layers: [0, 1, 1, 0]')
  expect(await page.locator('.truth td:last-child').allTextContents()).toEqual(['0', '1', '1', '0'])
  expect(await runProgram(page, () => 'export const answers = [2]')).toContain('four numbers')
  expect(errors).toEqual([])
  await page.close()
})

test('a program without an end leaves the page as it is, and is stopped', async () => {
  const { page, errors } = await open('?chapter=neuron')
  await right(page, 4)
  await page.locator('.editor textarea').fill('for (;;) {}')
  await press(page, 'Run')
  await page.waitForSelector('.output[data-busy="true"]', { state: 'attached' })
  await page.getByLabel('The gate to be').selectOption('nand')
  await right(page, 0)
  await press(page, 'Stop')
  await page.waitForSelector('.output[data-busy="false"]:has-text("You stopped the program.")')
  expect(await runProgram(page, () => "for (;;) console.log('more')")).toContain('prints more')
  expect(await runProgram(page, () => 'export const answers = () => 0')).toContain('cannot take answers')
  const late = "setTimeout(() => { throw new Error('late') })\nawait new Promise(() => {})"
  expect(await runProgram(page, () => late)).toContain('late')
  const drawn = `import { chart } from 'hebb/plot'
console.log(chart([{ points: [[0, 0], [1, 1]], name: 'two points' }]).toText())`
  expect(await runProgram(page, () => drawn)).toContain('two points')
  // As after a program that fills the memory, with which the browser ends the page.
  await page.locator('.editor textarea').fill('for (;;) {} // mine')
  await press(page, 'Run')
  await page.waitForSelector('.output[data-busy="true"]', { state: 'attached' })
  await page.reload()
  await page.waitForSelector('.output:has-text("The page ended while this program was running.")')
  expect(await page.inputValue('.editor textarea')).toBe('for (;;) {} // mine')
  await press(page, 'Undo my changes')
  await page.reload()
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('hebb'))
  expect(await page.textContent('.output')).toBe('')
  expect(errors).toEqual([])
  await page.close()
})

test('it fits desktops and phones, light and dark', async () => {
  const { page, errors } = await open('?chapter=neuron')
  await right(page, 4)
  await expectFit(page, 'neuron')
  expect(errors).toEqual([])
  await page.close()
})
