// AlexNet against PyTorch: every layer, every gradient, ten steps of training, on photographs. Both sides compute the weights.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { datasets, type Network, sgd } from 'hebb'
import { alexnet } from 'hebb/zoo'
import { describe, expect, test } from 'vitest'

interface Digest {
  norm: number
  largest: number
  values: number[]
}
interface Case {
  names: string[]
  parameters: number
  layers: Record<string, Digest>
  gradients: Record<string, Digest>
  losses: number[]
}
const folder = new URL('../fixtures/alexnet/', import.meta.url)
const { targets, cases } = JSON.parse(readFileSync(new URL('alexnet.json', folder), 'utf8')) as {
  targets: number[]
  cases: Record<'torchvision' | 'original', Case>
}

/** Tensor `number` of a network, as `weights` of alexnet.py computes it. */
function weights(number: number, shape: readonly number[]): Float32Array {
  const count = shape.reduce((a, b) => a * b)
  const bound = shape.length > 1 ? Math.sqrt(6 / (count / shape[0]!)) : 0.1
  const start = Math.imul(number, 0x9e3779b9)
  const values = new Float32Array(count)
  for (let at = 0; at < count; at++) {
    let i = (at + start) | 0
    i = Math.imul(i ^ (i >>> 16), 0x21f0aaad)
    i = Math.imul(i ^ (i >>> 15), 0x735a2d97)
    i ^= i >>> 15
    values[at] = ((i >>> 8) / 2 ** 23 - 1) * bound
  }
  return values
}

async function setUp(variant: 'torchvision' | 'original', side: number): Promise<Network<number>> {
  const net = await alexnet({ variant, dropout: 0 })
  const shapes = new Map(net.description.tensors.map(({ name, shape }) => [name, shape]))
  for (const [number, name] of cases[variant].names.entries()) {
    const shape = shapes.get(name)!
    await net.setWeights({ [name]: { data: weights(number, shape), shape } }, { partial: true })
  }
  expect(net.spec.input).toEqual([3, side, side])
  return net
}

/** The photographs' upper left corners, as numbers from −½ to ½. */
function photographs(side: number) {
  const idx = gunzipSync(readFileSync(new URL('photographs.idx.gz', folder)))
  const [samples, channels, height, width] = [4, 8, 12, 16].map((at) => idx.readUInt32BE(at)) as [
    number,
    number,
    number,
    number,
  ]
  const data = idx.subarray(20)
  const x = new Float32Array(samples * channels * side * side)
  let at = 0
  for (let plane = 0; plane < samples * channels; plane++)
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++)
        x[at++] = data[(plane * height + row) * width + column]! / 255 - 0.5
  return { data: x, shape: [samples, channels, side, side] }
}

function compare(name: string, data: Float32Array, { norm, largest, values }: Digest): void {
  const own = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0))
  expect(Math.abs(own - norm) / norm, `${name}: its norm`).toBeLessThan(1e-4)
  const worst = values.reduce(
    (most, value, k) => Math.max(most, Math.abs(data[(k * 7919 * 104729) % data.length]! - value)),
    0,
  )
  expect(worst / largest, name).toBeLessThan(1e-4)
}

describe.each([
  ['torchvision', 224, 61_100_840, 714_188_480],
  ['original', 227, 60_965_224, 724_406_816],
] as const)('%s', (variant, side, parameters, macs) => {
  test('every layer, every gradient and ten steps as in PyTorch', async () => {
    const net = await setUp(variant, side)
    const summary = net.summary()
    expect(net.parameters).toBe(parameters)
    expect(cases[variant].parameters).toBe(parameters)
    expect(summary).toContain(`${parameters.toLocaleString('en-US')} parameters`)
    expect(summary).toContain(`${macs.toLocaleString('en-US')} MACs`)
    const x = photographs(side)
    const t = { data: Uint32Array.from(targets), shape: [targets.length] }
    const trace = await net.trace(x, t)
    const { layers, gradients, losses } = cases[variant]
    expect(trace.loss).toBeCloseTo(losses[0]!, 4)
    const own = new Map(trace.layers.map((layer) => [layer.name, layer]))
    for (const [name, digest] of Object.entries(layers)) compare(name, own.get(name)!.a.data, digest)
    for (const [name, digest] of Object.entries(gradients)) {
      const [layer, part] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)]
      const { dEdw, dEdb } = own.get(layer)!
      compare(`∂E/∂${name}`, (part === 'bias' ? dEdb : dEdw)!.data, digest)
    }
    const data = await datasets.fromArrays(x, t)
    const history = await net.fit(data, {
      epochs: 10,
      batchSize: 2,
      shuffle: false,
      optimizer: sgd({ learningRate: 0.0001, momentum: 0.9 }),
    })
    for (const [step, { loss }] of history.epochs.entries())
      expect(Math.abs(loss - losses[step]!) / losses[step]!, `step ${step}`).toBeLessThan(1e-3)
    data.dispose()
    net.dispose()
  })
})
