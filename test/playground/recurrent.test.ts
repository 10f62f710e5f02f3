import { adam, dense, embedding, gru, loadNetwork, network } from 'hebb'
import { characters, tokenWindows } from 'hebb/text'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { expectFit, link, press, runProgram, saved, served, watchTasks } from '../helpers/playground'

const { open } = served()

const written = async (page: Page, epoch: number) =>
  (await (await page.waitForSelector(`.written[data-epoch="${epoch}"]`)).textContent())!
const gradients = async (page: Page): Promise<Record<string, number[]>> =>
  JSON.parse((await page.getAttribute('.gradients', 'data-gradients'))!)
const rhyme =
  'The queen of hearts, she made some tarts, all on a summer day. The knave of hearts, he stole the tarts.\n'

test('it learns a text as the library does, and a link shows the same', async () => {
  const query = `?chapter=recurrent&cell=gru&units=8&text=${encodeURIComponent(rhyme)}`
  const { page, errors } = await open(query)
  const longest = await watchTasks(page)
  const text = await written(page, 40)
  expect(await longest()).toBeLessThan(50)
  expect(text.length).toBe(161)
  expect(text[0]).toBe('T')
  expect([...text].every((one) => rhyme.includes(one) || one === '\ufffd')).toBe(true)

  const vocabulary = characters(rhyme)
  const windows = await tokenWindows(vocabulary.encode(rhyme), { steps: 32, every: 8 })
  const net = await network(
    [32],
    [
      embedding({ units: 16, vocabulary: vocabulary.size }),
      gru({ units: 8, returns: 'all', name: 'h' }),
      dense({ units: vocabulary.size, activation: 'softmax' }),
    ],
    { seed: 1 },
  )
  const { 'h.bias_ih_l0': bias } = await net.weights()
  bias!.data.fill(3, 8, 16)
  await net.setWeights({ 'h.bias_ih_l0': bias! }, { partial: true })
  const { epochs } = await net.fit(windows, {
    epochs: 40,
    batchSize: 8,
    optimizer: adam({ learningRate: 0.01 }),
    seed: 1,
  })
  const perplexity = Math.exp(epochs.at(-1)!.loss).toPrecision(3)
  expect(await page.textContent('#figure h3')).toContain(`perplexity ${perplexity}`)
  const output = await runProgram(page, (program) => program)
  expect(Number(/perplexity (\S+)/.exec(output)![1]).toPrecision(3)).toBe(perplexity)
  // The same draws: what the program prints is what the page shows.
  expect(output.replace(/\s+/g, ' ')).toContain(text.replace(/\s+/g, ' ').trim())
  const { page: other } = await open(await link(page))
  expect(await written(other, 40)).toBe(text)

  const own = await loadNetwork(await saved(page, 'recurrent.hebb'))
  expect((await own.evaluate(windows)).loss).toBeCloseTo((await net.evaluate(windows)).loss, 4)
  expect(errors).toEqual([])
  for (const one of [own, net, windows]) one.dispose()
  await other.close()
  await page.close()
})

test('epochs are stepped through, and a unit is coloured by its states', async () => {
  const { page, errors } = await open('?chapter=recurrent')
  const learned = await written(page, 40)
  const slider = page.locator('.player input')
  await slider.focus()
  await slider.press('Home')
  const fresh = await written(page, 0)
  expect(fresh).not.toBe(learned)
  expect(learned).toContain('house')
  expect(fresh).not.toContain('house')
  await press(page, 'Play')
  await page.waitForFunction(() => {
    const epoch = Number(document.querySelector<HTMLElement>('.written')?.dataset.epoch)
    return epoch > 2 && epoch < 40
  })
  await slider.press('End')
  expect(await written(page, 40)).toBe(learned)
  await page.selectOption('.unit select', ' ')
  await page.waitForSelector('.unit h3')
  // The best unit tells spaces from other characters: its mean after a space is among its highest or its lowest.
  expect(await page.textContent('.unit .aside')).toMatch(/(highest|lowest) after [^;]*space/)
  const states = await page.$$eval('.coloured span', (spans) =>
    spans.map((one) => ({ text: one.textContent, above: one.classList.contains('above') })),
  )
  expect(states.map(({ text }) => text).join('')).toMatch(/^This is the house that Jack built\.\nThis/)
  const [spaces, others] = [true, false].map((space) => {
    const some = states.filter(({ text }) => (text === ' ') === space)
    return some.filter(({ above }) => above).length / some.length
  })
  expect(Math.abs(spaces! - others!)).toBeGreaterThan(0.4)
  expect(errors).toEqual([])
  await page.close()
})

test('the gradient vanishes, explodes, and is kept in the exercise', async () => {
  const { page, errors } = await open('?chapter=recurrent&epoch=0&units=32')
  await written(page, 0)
  const usual = await gradients(page)
  expect(usual.rnn!.length).toBe(40)
  expect(usual.rnn![0]! / usual.rnn![39]!).toBeLessThan(1e-4)
  // Open gates let it pass.
  for (const gated of [usual.gru!, usual.lstm!]) expect(gated[0]! / gated[39]!).toBeGreaterThan(1e-2)
  expect(await page.textContent('.verdict')).toContain('vanishes')
  await page.locator('.slider:has-text("Initial recurrent weights") input').fill('2')
  await page.waitForSelector('.verdict[data-solved="true"]')
  const first = async () => (await gradients(page)).rnn![0]!
  await press(page, 'Recurrent weights too small')
  await expect.poll(first).toBeLessThan(1e-15)
  await press(page, 'Recurrent weights too large')
  await expect.poll(first).toBeGreaterThan(1e4)
  await press(page, 'Mend it')
  await page.waitForSelector('.slider:has-text("times 2")')
  expect(errors).toEqual([])
  await page.close()
})

test('an own text by hand, from a file and by the program; a short one is refused', async () => {
  const { page, errors } = await open('?chapter=recurrent')
  await written(page, 40)
  await page.fill('.own textarea', 'abc')
  await press(page, 'Learn this text')
  await page.waitForSelector('.problem:has-text("60 to 2,000")')
  await page.fill('.own textarea', 'abcd '.repeat(20))
  await press(page, 'Learn this text')
  await page.waitForFunction(() => document.querySelector('.written')?.textContent.includes('abcd abcd'))
  await page.setInputFiles('#data input', {
    name: 'mine.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('xyz, '.repeat(20)),
  })
  await page.waitForFunction(() => document.querySelector('.written')?.textContent.includes('xyz, xyz'))
  const output = await runProgram(page, (text) =>
    text.replace(/export const text =\n.*/, "export const text = 'ha-ha ho! '.repeat(10)"),
  )
  expect(output).toContain('perplexity')
  await page.waitForFunction(() => document.querySelector('.written')?.textContent.includes('ha-ha'))
  const wrong = await runProgram(page, (text) =>
    text.replace(/export const text =.*/, 'export const text = "short"'),
  )
  expect(wrong).toMatch(/33 tokens/)
  expect(errors).toEqual([])
  await page.close()
})

test('it fits desktops and phones, light and dark', async () => {
  const { page, errors } = await open('?chapter=recurrent')
  await written(page, 40)
  await expectFit(page, 'recurrent')
  expect(errors).toEqual([])
  await page.close()
})
