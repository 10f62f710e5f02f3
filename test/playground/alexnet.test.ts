// The page of AlexNet: its costs, a photograph, weights from a file, and what wrong preparation does.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { datasets, type Network } from 'hebb'
import { alexnet, classifyImage } from 'hebb/zoo'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectFit, link, press, runProgram, saved, served } from '../helpers/playground'

const { open } = served()
const CAT = 'docs/figures/chelsea.jpg'
const SHAPES: Record<string, number[]> = {
  'features.0': [64, 3, 11, 11],
  'features.3': [192, 64, 5, 5],
  'features.6': [384, 192, 3, 3],
  'features.8': [256, 384, 3, 3],
  'features.10': [256, 256, 3, 3],
  'classifier.1': [4096, 9216],
  'classifier.4': [4096, 4096],
  'classifier.6': [1000, 4096],
}

const folder = mkdtempSync(join(tmpdir(), 'hebb-alexnet-'))
const file = join(folder, 'weights.safetensors')
let net: Network<number>

/** Half-precision weights of a size that keeps the signal's, those of the last layer larger, so that the answers are decided. */
function weightsFile(): Uint8Array[] {
  // A block of numbers whose length has no factor in common with the shapes.
  const block = new Uint16Array(999_983)
  let state = 1
  for (let i = 0; i < block.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    block[i] = state >>> 16
  }
  const header: Record<string, object> = {}
  const parts: Uint8Array[] = []
  let offset = 0
  for (const [layer, shape] of Object.entries(SHAPES)) {
    const inputs = shape.slice(1).reduce((product, n) => product * n)
    const deviation = Math.sqrt(2 / inputs) * (layer === 'classifier.6' ? 4 : 1)
    // Sign and fraction are random, the exponent is that of the deviation.
    const exponent = (Math.floor(Math.log2(deviation)) + 15) << 10
    const own = block.map((bits) => (bits & 0x83ff) | exponent)
    for (const [name, size, dims] of [
      ['weight', shape[0]! * inputs, shape],
      ['bias', shape[0]!, [shape[0]!]],
    ] as const) {
      const data = new Uint16Array(size)
      for (let from = 0; name === 'weight' && from < size; from += own.length) {
        data.set(own.subarray(0, Math.min(own.length, size - from)), from)
      }
      header[`${layer}.${name}`] = { dtype: 'F16', shape: dims, data_offsets: [offset, offset + 2 * size] }
      parts.push(new Uint8Array(data.buffer))
      offset += 2 * size
    }
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return [length, text, ...parts]
}

beforeAll(async () => {
  writeFileSync(file, Buffer.concat(weightsFile()))
  net = await alexnet({ weights: file })
})
afterAll(() => {
  net?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const ready = (page: Page) => page.waitForSelector('.one-map canvas')
const listed = (page: Page, id: string) =>
  page.$$eval(`#${id} li`, (rows) =>
    rows.map((row) => ({
      class: Number((row as HTMLElement).dataset.class),
      share: Number.parseFloat(row.querySelector('.share')!.textContent!),
    })),
  )
/** The page's list is the library's; classes of the same share may change places. */
function expectSame(
  shown: { class: number; share: number }[],
  best: { index: number; probability: number }[],
) {
  expect(shown.length).toBe(5)
  expect(shown[0]!.class).toBe(best[0]!.index)
  for (const [i, { share }] of shown.entries()) expect(share).toBeCloseTo(100 * best[i]!.probability, 0)
}

test('without weights it says so, and shows costs, filters and maps', async () => {
  const { page, errors } = await open('?chapter=alexnet')
  await ready(page)
  expect(await page.textContent('.seen')).toContain('drawn at random')
  expect(await page.textContent('#data')).toContain('244 MB')
  const summary = net.summary()
  const costs = (await page.textContent('.costs tfoot'))!
  for (const total of ['61,100,840', '714,188,480']) {
    expect(summary).toContain(total)
    expect(costs).toContain(total)
  }
  const shapes = await page.$$eval('.costs tbody tr', (rows) =>
    rows.map(
      (row) => `${row.querySelector('button, span')!.textContent} ${row.querySelector('td')!.textContent}`,
    ),
  )
  for (const row of shapes) {
    const [name, ...shape] = row.split(' ')
    expect(summary).toMatch(new RegExp(`${name}\\s+\\w+\\s+\\[${shape.join(' ').replaceAll(' × ', ', ')}\\]`))
  }
  await press(page, 'features.3')
  await page.waitForSelector('figcaption:has-text("features.3, map 1: 27 × 27")')
  const rows = String(await saved(page, 'map.csv')).split('\n')
  expect([rows.length, ...new Set(rows.map((row) => row.split(',').length))]).toEqual([27, 27])
  // After ReLU.
  expect(Math.min(...rows.flatMap((row) => row.split(',').map(Number)))).toBeGreaterThanOrEqual(0)
  await page.fill('.answer input', '25')
  await page.waitForSelector('.verdict[data-solved="false"]:has-text("all of them")')
  await page.fill('.answer input', '1600')
  await page.waitForSelector('.verdict[data-solved="true"]')
  expect(errors).toEqual([])
  await page.close()
})

test('weights and a photograph: the answers of the library, also wrongly prepared', async () => {
  const { page, errors } = await open('?chapter=alexnet')
  await ready(page)
  await page.setInputFiles('#data input', file)
  await page.waitForSelector('#answers li')
  expectSame(await listed(page, 'answers'), await classifyImage(net, CAT, { top: 5 }))
  expect(await page.textContent('#figure')).toContain('Your 64 filters')

  const { mean, deviation } = net.spec.preprocessing!
  const usual = { resize: 256, crop: 224 } as const
  await press(page, 'Swap the channels')
  await page.waitForSelector('.answers[data-prepared="bgr normalized"]')
  const swapped = await datasets.prepare(CAT, { ...usual, order: 'bgr', mean, deviation })
  expectSame(await listed(page, 'answers'), await net.classify(swapped, { top: 5 }))
  expectSame(await listed(page, 'right'), await classifyImage(net, CAT, { top: 5 }))
  const before = await listed(page, 'answers')
  await press(page, 'Skip the normalisation')
  await page.waitForSelector('.answers[data-prepared="rgb plain"]')
  expectSame(
    await listed(page, 'answers'),
    await net.classify(await datasets.prepare(CAT, usual), { top: 5 }),
  )
  expect(await listed(page, 'answers')).not.toEqual(before)
  await press(page, 'Mend it')
  await page.waitForSelector('#right', { state: 'detached' })

  await page.setInputFiles('#data input', {
    name: 'broken.safetensors',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('no weights at all'),
  })
  await page.waitForSelector('.problem:has-text("safetensors")')
  expect(await page.textContent('.seen')).toContain('drawn at random')
  expect(errors).toEqual([])
  await page.close()
})

test('the program prepares as the page does, and the page follows it; a link shows the same', async () => {
  const { page, errors } = await open('?chapter=alexnet&layer=features.6&scaling=plain')
  await ready(page)
  const x = await datasets.prepare(CAT, { resize: 256, crop: 224 })
  const mean = x.data.reduce((sum, value) => sum + value, 0) / x.data.length
  const output = await runProgram(page, (text) => text)
  expect(Number(/read (\S+)/.exec(output)![1]!.replace('maps', ''))).toBeCloseTo(mean, 3)
  expect(output).toContain('70,276,800')
  await runProgram(page, (text) => text.replace("scaling = 'plain'", "scaling = 'bytes'"))
  const { page: other } = await open(await link(page))
  await ready(other)
  expect(await other.textContent('.one-map')).toContain('features.6')
  const wrong = await runProgram(page, (text) => text.replace("order = 'rgb'", "order = 'gbr'"))
  expect(wrong).toMatch(/rgb/)
  await page.setInputFiles('#data input', {
    name: 'broken.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('no picture'),
  })
  await page.waitForSelector('.panel > .problem')
  const colours = (page: Page) =>
    page.$eval('.seen canvas', (canvas) => (canvas as HTMLCanvasElement).toDataURL())
  const before = await colours(page)
  await press(page, 'Undo my changes')
  await page.setInputFiles('#data input', 'packages/examples/data/chelsea.jpg')
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('blob:'))
  await page.waitForFunction(
    (before) => document.querySelector<HTMLCanvasElement>('.seen canvas')!.toDataURL() !== before,
    before,
  )
  expect(await runProgram(page, (text) => text)).toContain('70,276,800')
  expect(errors).toEqual([])
  await other.close()
  await page.close()
})

test('it fits desktops and phones, light and dark', async () => {
  const { page, errors } = await open('?chapter=alexnet')
  await ready(page)
  await expectFit(page, 'alexnet')
  expect(errors).toEqual([])
  await page.close()
})
