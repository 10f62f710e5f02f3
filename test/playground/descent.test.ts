// The pages that descend: gradient descent, and the race of training strategies.
import { conjugateGradient, gradientDescent, minimize } from 'hebb'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { landscapes } from '../../packages/playground/src/draw/landscapes'
import { expectAlike, expectFit, link, press, runProgram, saved, served } from '../helpers/playground'

const { open } = served()

const story = (page: Page) => page.waitForSelector('.story[data-steps]')
const steps = async (page: Page) => Number(await (await story(page)).getAttribute('data-steps'))
const race = (page: Page) => page.waitForSelector('.standings')

test.each(Object.entries(landscapes))('the gradient and the least value of %s are right', (_, landscape) => {
  const { f, gradient, range, variables, least, start } = landscape
  const h = 1e-6
  let lowest = Number.POSITIVE_INFINITY
  for (let i = 0; i <= 400; i++) {
    const x = range.x[0] + (i / 400) * (range.x[1] - range.x[0])
    for (let j = 0; j <= (variables === 2 ? 400 : 0); j++) {
      const y = range.y[0] + (j / 400) * (range.y[1] - range.y[0])
      lowest = Math.min(lowest, f([x, y]))
    }
  }
  // The grid misses the minimum by a step at most.
  expect(lowest - least).toBeGreaterThan(-1e-4)
  expect(lowest - least).toBeLessThan(0.01)
  for (let i = 0; i < variables; i++) {
    const at = (step: number) => f(start.map((value, j) => (i === j ? value + step : value)))
    expect(gradient(start)[i]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 3)
  }
})

test('its steps are those of the library, and follow a start that is dragged', async () => {
  const { page, errors } = await open('?chapter=descent&place=ravine&rate=0.04')
  const { f, gradient } = landscapes.ravine
  const method = gradientDescent({ learningRate: 0.04 })
  const found = await minimize(f, [-1.8, 1], { method, gradient, steps: 200, gradientThreshold: 1e-4 })
  expect(await steps(page)).toBe(found.steps.length - 1)
  expect(String(await saved(page, 'descent.csv')).split('\n')).toEqual([
    'step,x1,x2,value,gradient1,gradient2',
    ...found.steps.map(({ step, x, value, gradient }) => `${[step, ...x, value, ...gradient]}`),
  ])
  const slider = page.locator('.player input')
  await slider.focus()
  await slider.press('Home')
  await slider.press('ArrowRight')
  expect(await page.textContent('.story')).toContain(
    `the value is ${Number(found.steps[1]!.value.toPrecision(3))}`,
  )
  const knob = (await page.locator('.handle .knob').boundingBox())!
  await page.mouse.move(knob.x + 8, knob.y + 8)
  await page.mouse.down()
  await page.mouse.move(knob.x + 108, knob.y + 58, { steps: 4 })
  await page.mouse.up()
  await page.waitForFunction(() => location.search.includes('start='))
  const before = await page.locator('.way').getAttribute('points')
  await page.locator('.handle').focus()
  await page.keyboard.press('ArrowLeft')
  await page.waitForFunction(
    (points) => document.querySelector('.way')!.getAttribute('points') !== points,
    before,
  )
  const { page: other } = await open(await link(page))
  await story(other)
  await expectAlike((one) => one.getAttribute('.way', 'points'), page, other)
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('mistakes of the rate are seen, explained and mended; the page stays', async () => {
  const { page, errors } = await open('?chapter=descent')
  const usual = await steps(page)
  await press(page, 'Too high a rate')
  await page.waitForSelector('.story[data-reason="diverged"] .problem')
  expect(await page.locator('.way').getAttribute('points')).not.toContain('NaN')
  await press(page, 'Too low a rate')
  await page.waitForSelector('.story[data-reason="steps"]')
  await press(page, 'The wrong valley')
  await page.waitForSelector('.story:has-text("0.96")')
  await press(page, 'Mend it')
  await page.waitForSelector(`.story[data-steps="${usual}"]`)
  expect(errors).toEqual([])
  await page.close()
})

test('the exercise is solved with momentum, and the program goes the same way', async () => {
  const { page, errors } = await open('?chapter=descent&place=ravine&rate=0.05')
  await page.waitForSelector('.verdict:has-text("steps, not yet")')
  expect(await runProgram(page, (text) => text)).toContain(`${await steps(page)} steps to`)
  await page.waitForSelector('circle.theirs')
  await page.getByRole('slider', { name: 'Momentum α' }).fill('0.5')
  await page.waitForSelector('.verdict[data-solved="true"]')
  expect(errors).toEqual([])
  await page.close()
})

test('the race counts the gradients that the library asks for', async () => {
  const { page, errors } = await open('?chapter=strategies')
  await race(page)
  let asked = 0
  let first: number | undefined
  const { f, gradient } = landscapes.banana
  await minimize(f, [-1.2, 1], {
    method: conjugateGradient(),
    gradient: (x) => {
      asked++
      if (f(x) < 1e-3) first ??= asked
      return gradient(x)
    },
    steps: 400,
  })
  expect(await page.textContent('.standings tr:has-text("Conjugate") td:last-child')).toBe(
    `${first} gradients`,
  )
  const asks = String(await saved(page, 'race.csv')).split('\n')
  expect(asks.filter((row) => row.startsWith('Conjugate gradient,')).length).toBe(asked)
  const table = await page.textContent('.standings')
  const slider = page.locator('.player input')
  await slider.fill('3')
  expect(await page.textContent('.standings')).not.toBe(table)
  await press(page, 'A high rate in a curved valley')
  await page.waitForSelector('.standings tr:has-text("Gradient descent"):has-text("diverged")')
  await press(page, 'Mend it')
  await page.getByLabel('Surface').selectOption('ravine')
  await page.getByRole('slider', { name: 'Learning rate' }).fill('-1.3')
  await page.waitForSelector('.verdict[data-solved="true"]')
  expect(await runProgram(page, (text) => text)).toContain('BFGS asked for')
  expect(errors).toEqual([])
  await page.close()
})

test.each(['descent', 'strategies'])('%s fits desktops and phones, light and dark', async (chapter) => {
  const { page, errors } = await open(`?chapter=${chapter}`)
  await page.waitForSelector('.story[data-steps], .standings')
  await expectFit(page, chapter)
  expect(errors).toEqual([])
  await page.close()
})
