// The page of backpropagation: the numbers of one step, and steps back and forth.
import { describeActivation } from 'hebb'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { expectFit, press, runProgram, saved, served } from '../helpers/playground'

const { open } = served()

const error = async (page: Page) =>
  Number(await (await page.waitForSelector('.error[data-error]')).getAttribute('data-error'))

/** E of the page's network on paper. */
function onPaper(w: readonly number[], [x1, x2]: [number, number], t: number): number {
  const f = (net: number) => 1 / (1 + Math.exp(-net))
  const a = [0, 1].map((j) => f(w[2 * j]! * x1 + w[2 * j + 1]! * x2 + w[4 + j]!))
  return (t - f(w[6]! * a[0]! + w[7]! * a[1]! + w[8]!)) ** 2 / 2
}

test('its numbers are those of the notes, and Δw lies against the slope', async () => {
  const { page, errors } = await open('?chapter=backpropagation')
  const w = [0.5, -0.4, 0.3, 0.6, 0.1, -0.1, 0.7, -0.9, 0.2]
  expect(await error(page)).toBeCloseTo(onPaper(w, [1, 0.5], 1), 6)
  await page.locator('.part:has-text("j₁")').hover()
  await page.waitForSelector(
    '.factors:has-text("δ = a (1 − a) · δₖ wₖⱼ = 0.5987 · 0.4013 · 0.1212 · 0.70 = 0.0204")',
  )
  // The weight from i₁ to j₁, by finite differences: Δw = −ε ∂E/∂w.
  await page.locator('.part').first().focus()
  const text = (await page.textContent('.factors'))!.replaceAll('−', '-')
  const dw = Number(/Δw = ε δ a = .* = (-?[\d.]+)$/.exec(text)![1])
  const h = 1e-5
  const moved = (by: number) => onPaper([w[0]! + by, ...w.slice(1)], [1, 0.5], 1)
  expect(dw).toBeCloseTo((-0.5 * (moved(h) - moved(-h))) / (2 * h), 4)
  expect(errors).toEqual([])
  await page.close()
})

test('steps lower the error, are kept, and can be taken back', async () => {
  const { page, errors } = await open('?chapter=backpropagation')
  const before = await error(page)
  await press(page, 'Add Δw')
  await page.waitForSelector('.player:has-text("Step 1 of 1")')
  await page.waitForFunction(
    (old) => Number(document.querySelector<HTMLElement>('.error')?.dataset.error) < old,
    before,
  )
  await press(page, '50 steps')
  await page.waitForSelector('.player:has-text("Step 51 of 51")')
  expect(await error(page)).toBeLessThan(before / 2)
  const slider = page.locator('.player input')
  await slider.focus()
  await slider.press('Home')
  await page.waitForFunction(
    (old) => Number(document.querySelector<HTMLElement>('.error')?.dataset.error) === old,
    before,
  )
  expect(errors).toEqual([])
  await page.close()
})

test('twins stay twins, saturated units do not learn; a program goes on', async () => {
  const { page, errors } = await open('?chapter=backpropagation')
  await error(page)
  await press(page, 'All weights alike')
  await press(page, '50 steps')
  await page.waitForSelector('.player:has-text("Step 50 of 50")')
  const deltas = await page.locator('.part .change').filter({ hasText: /^δ/ }).allTextContents()
  expect(deltas[0]).toBe(deltas[1])
  await press(page, 'Saturated units')
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLElement>('.error')?.dataset.error) > 0.49,
  )
  const stuck = await error(page)
  await press(page, '50 steps')
  await page.waitForSelector('.player:has-text("Step 50 of 50")')
  expect(stuck - (await error(page))).toBeLessThan(1e-4)
  await press(page, 'Mend it')
  await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.error')?.dataset.error) < 0.2)
  const now = await error(page)
  expect(await runProgram(page, (text) => text)).toContain('hidden net')
  await page.waitForFunction(
    (old) => Number(document.querySelector<HTMLElement>('.error')?.dataset.error) < old,
    now,
  )
  await page.getByRole('slider', { name: 'Input a of i₁' }).fill('0')
  await page.waitForSelector('.verdict[data-solved="true"]')
  expect(errors).toEqual([])
  await page.close()
})

test('a sample with weights goes out as a table, and comes in', async () => {
  const { page, errors } = await open('?chapter=backpropagation')
  await error(page)
  const [names, row] = String(await saved(page, 'network.csv')).split('\n')
  expect(row).toBe('1,0.5,1,0.5,-0.4,0.3,0.6,0.1,-0.1,0.7,-0.9,0.2')
  const give = (row: string) =>
    page.setInputFiles('#data input', { name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(row) })
  await give(`${names}\n-1,2,0.25,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9`)
  await page.waitForFunction(() => location.search.includes('t=0.25'))
  const own = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
  const wanted = onPaper(own, [-1, 2], 0.25)
  await page.waitForFunction(
    (wanted) =>
      Math.abs(Number(document.querySelector<HTMLElement>('.error')?.dataset.error) - wanted) < 1e-6,
    wanted,
  )
  await give(`${names}\n-1,2,7,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9`)
  await page.waitForSelector('#figure .problem:has-text("the target from 0 to 1")')
  expect(errors).toEqual([])
  await page.close()
})

test('activations: values, slopes and depth are those of the library', async () => {
  const { page, errors } = await open('?chapter=activations&kind=tanh&x=0.5&layers=12')
  const { value, derivative } = await describeActivation('tanh', [0.5])
  await page.waitForSelector(`.story:has-text("f(0.5) = ${Number(value[0]!.toPrecision(3))}")`)
  expect(await page.textContent('.story')).toContain(`f′(0.5) = ${Number(derivative![0]!.toPrecision(3))}`)
  await page.waitForSelector('.verdict[data-solved="true"]')
  const [, , place] = String(await saved(page, 'activation.csv')).split('\n')
  const [net, f, slope] = place!.split(',').map(Number)
  const there = await describeActivation('tanh', [net!])
  expect([f, slope]).toEqual([there.value[0], there.derivative![0]])
  await press(page, 'Deep, with sigmoids')
  await page.waitForSelector('.story[data-kind="sigmoid"]')
  await page.waitForFunction(() =>
    document.querySelector('.deltas li:first-child .share')?.textContent.includes('e−'),
  )
  await press(page, 'A step')
  await page.waitForSelector('#figure .problem:has-text("cannot be trained through")')
  await press(page, 'No activation')
  await page.waitForSelector('.story[data-kind="identity"]')
  expect(await runProgram(page, (text) => text)).toContain('* x +')
  await page.waitForSelector('polyline.theirs')
  await page.locator('.handle').focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForSelector('.story:has-text("f(0.7) = 0.7")')
  expect(errors).toEqual([])
  await page.close()
})

test.each(['backpropagation', 'activations'])(
  '%s fits desktops and phones, light and dark',
  async (chapter) => {
    const { page, errors } = await open(`?chapter=${chapter}`)
    await page.waitForSelector('.error[data-error], .story[data-kind]')
    await expectFit(page, chapter)
    expect(errors).toEqual([])
    await page.close()
  },
)
