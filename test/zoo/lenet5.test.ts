import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crossEntropy, datasets, sgd } from 'hebb'
import { lenet5 } from 'hebb/zoo'
import { describe, expect, test } from 'vitest'
import { refused } from '../helpers/refused'
import { root } from '../helpers/root'

test('the original: the layers and the 60,000 parameters of the paper', async () => {
  const net = await lenet5({ variant: 'original' })
  const parameters: Record<string, number> = {}
  for (const [name, { data }] of Object.entries(await net.weights())) {
    const [layer] = name.split('.') as [string]
    parameters[layer] = (parameters[layer] ?? 0) + data.length
  }
  expect(parameters).toEqual({ C1: 156, S2: 12, C3: 1516, S4: 32, C5: 48_120, F6: 10_164 })
  expect(net.parameters).toBe(60_000)
  const maps = await net.activations({ data: new Uint8Array(784), shape: [1, 28, 28] })
  const shapes = Object.fromEntries(Object.entries(maps).map(([name, { shape }]) => [name, shape]))
  expect(shapes).toMatchObject({
    C1: [6, 28, 28],
    S2: [6, 14, 14],
    C3: [16, 10, 10],
    S4: [16, 5, 5],
    C5: [120, 1, 1],
    F6: [84],
    OUTPUT: [10],
  })
  for (const name of Object.keys(shapes)) expect(net.summary()).toContain(name)
  // Connections, as the paper counts them: the weights of a position, its bias too, times positions.
  const positions = { C1: 784, S2: 196, C3: 100, S4: 25, C5: 1, F6: 1 }
  const weights = { S2: 5 * 6, S4: 5 * 16 } as Record<string, number>
  const all = Object.entries(positions).map(([name, count]) => count * (weights[name] ?? parameters[name]!))
  expect(all).toEqual([122_304, 5_880, 151_600, 2_000, 48_120, 10_164])
  expect(all.reduce((a, b) => a + b) + 10 * 84).toBe(340_908)
})

test('the background of an image becomes −0.1, ink 1.175, with two rows of background around', async () => {
  const net = await lenet5({ variant: 'original' })
  const { scale } = await net.activations({ data: new Uint8Array(784).fill(255), shape: [1, 28, 28] })
  expect(scale!.shape).toEqual([1, 32, 32])
  expect(scale!.data[0]).toBeCloseTo(-0.1, 6)
  expect(scale!.data[2 * 32 + 1]).toBeCloseTo(-0.1, 6)
  expect(scale!.data[2 * 32 + 2]).toBeCloseTo(1.175, 6)
  expect(scale!.data[29 * 32 + 29]).toBeCloseTo(1.175, 6)
  expect(scale!.data.at(-1)).toBeCloseTo(-0.1, 6)
})

test('its random weights are between ±2.4 / inputs of their unit, and those of their seed', async () => {
  const weightsOf = async (seed: number) => (await lenet5({ variant: 'original', seed })).weights()
  const weights = await weightsOf(5)
  for (const [layer, inputs] of Object.entries({ C1: 25, S2: 4, S4: 4, C5: 400, F6: 120 })) {
    const values = Array.from(weights[`${layer}.weight`]!.data, Math.abs)
    const bound = 2.4 / inputs
    expect(Math.max(...values)).toBeLessThan(bound)
    expect(Math.max(...values)).toBeGreaterThan(0.6 * bound)
    expect(Math.max(...weights[`${layer}.bias`]!.data)).toBe(0)
  }
  // Three maps, then four, then six for each map of C3.
  const largest = (from: number, to: number) =>
    Math.max(...Array.from(weights['C3.weight']!.data.subarray(25 * from, 25 * to), Math.abs))
  for (const [from, to, inputs] of [
    [0, 18, 75],
    [18, 54, 100],
    [54, 60, 150],
  ] as const) {
    expect(largest(from, to)).toBeLessThan(2.4 / inputs)
    expect(largest(from, to)).toBeGreaterThan(0.9 * (2.4 / inputs))
  }
  expect(await weightsOf(5)).toEqual(weights)
  expect(await weightsOf(6)).not.toEqual(weights)
})

test('the modern one: 61,706 parameters', async () => {
  const net = await lenet5({ seed: 3 })
  expect(net.parameters).toBe(61_706)
  expect(await (await lenet5({ variant: 'modern', seed: 3 })).weights()).toEqual(await net.weights())
})

test('both learn', async () => {
  const { train } = await datasets.mnist()
  const few = await train.subset(Array.from({ length: 1000 }, (_, i) => i))
  for (const variant of ['modern', 'original'] as const) {
    const net = await lenet5({ variant, seed: 1 })
    const [learningRate, loss] =
      variant === 'modern' ? [0.04, crossEntropy()] : [0.0015, crossEntropy({ rubbish: 20 })]
    await net.fit(few, {
      epochs: 8,
      batchSize: 32,
      seed: 1,
      loss,
      optimizer: sgd({ learningRate, momentum: 0.9 }),
    })
    expect((await net.evaluate(few)).accuracy).toBeGreaterThan(0.9)
  }
})

describe('the weights of MNIST', () => {
  test.each([
    ['original', 0.9934],
    ['modern', 0.995],
  ] as const)('%s: the stated accuracy on all 10,000 test images', async (variant, accuracy) => {
    const { test } = await datasets.mnist()
    const net = await lenet5({ variant, weights: 'mnist' })
    // Back ends round differently: an image between two digits may change sides.
    expect(Math.abs((await net.evaluate(test)).accuracy - accuracy)).toBeLessThanOrEqual(0.0002)
    // The first ones: 7, 2, 1, 0.
    for await (const { x } of datasets.batches(test, { batchSize: 4, shuffle: false })) {
      for (const [i, label] of ['7', '2', '1', '0'].entries()) {
        const [best] = await net.classify({
          data: x.data.subarray(784 * i, 784 * i + 784),
          shape: [1, 28, 28],
        })
        expect(best!.label).toBe(label)
      }
      break
    }
  })

  test('the files are those whose SHA-256 is known', () => {
    const code = readFileSync(new URL('../../packages/hebb/src/zoo/lenet5.ts', import.meta.url), 'utf8')
    for (const variant of ['original', 'modern']) {
      const place = `../../packages/hebb/weights/lenet5-${variant}-mnist.safetensors`
      const bytes = readFileSync(new URL(place, import.meta.url))
      expect(bytes.length).toBeLessThan(260_000)
      expect(code).toContain(createHash('sha256').update(bytes).digest('hex'))
    }
  })
})

test('weights that are missing or changed are refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hebb-weights-'))
  try {
    cpSync(join(root, 'packages', 'hebb', 'dist'), folder, { recursive: true })
    const file = join(folder, 'lenet5-modern-mnist.safetensors')
    const program = `import { lenet5 } from ${JSON.stringify(join(folder, 'zoo.js'))}
      await lenet5({ weights: 'mnist' }).catch(({ code, message }) => console.log(code, message))
      process.exit()`
    const says = () =>
      execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    const bytes = readFileSync(file)
    bytes[200_000]! ^= 1
    writeFileSync(file, bytes)
    expect(says()).toMatch(
      /^file file:.*lenet5-modern-mnist\.safetensors is damaged or another file, with the SHA-256/,
    )
    rmSync(file)
    expect(says()).toMatch(/^file .*could not be read: .*: it belongs beside hebb's zoo\.js/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('wrong options are refused', async () => {
  await refused('option', 'lenet5: variant must be one of modern, original', () =>
    lenet5({ variant: 'x' as never }),
  )
  await refused('option', 'lenet5: weights must be one of mnist', () =>
    lenet5({ weights: 'imagenet' as never }),
  )
  await refused('option', 'lenet5: seed must be', () => lenet5({ seed: -1 }))
  await refused('option', 'lenet5 has no option "classes"', () => lenet5({ classes: 3 } as never))
})
