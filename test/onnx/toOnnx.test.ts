// Networks that are written as ONNX files. onnxruntime reads them in `npm run proof -- onnxruntime`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, type Network, network, rnn } from 'hebb'
import { loadOnnx, saveOnnx, toOnnx } from 'hebb/onnx'
import { describe, expect, test } from 'vitest'
import { made, NETWORKS, samplesFor } from '../helpers/onnxNetworks.mjs'
import { refused } from '../helpers/refused'

const outputs = async (net: Network, x: never) =>
  net.outputs.length > 1 ? Object.values(await net.predictAll(x)) : [await net.predict(x)]

describe('written and read again', () => {
  test.each(Object.entries(NETWORKS))('%s', async (name, make) => {
    const net = await made(make)
    const again = await loadOnnx(await toOnnx(net))
    const x = samplesFor(net, 3) as never
    const [ours, theirs] = [await outputs(net, x), await outputs(again, x)]
    expect(theirs.map(({ shape }) => shape)).toEqual(ours.map(({ shape }) => shape))
    for (const [at, { data }] of ours.entries())
      for (const [i, value] of data.entries())
        expect(Math.abs(theirs[at]!.data[i]! - value)).toBeLessThan(2e-6)
    // What a filter does not read has a weight of 0.
    const zeros = name === 'lenet5 of 1998' ? 900 : 0
    expect(again.parameters).toBe(net.parameters + zeros)
    net.dispose()
    again.dispose()
  })
})

test('saveOnnx writes a file, and wrong values are refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hebb-onnx-'))
  const net = await network([2], [dense({ units: 1, name: 'only' })], { seed: 3 })
  const path = join(folder, 'net.onnx')
  await saveOnnx(net, path)
  const again = await loadOnnx(path)
  expect(await again.weights()).toEqual(await net.weights())
  again.dispose()
  rmSync(folder, { recursive: true })
  await refused('option', 'takes a network', () => toOnnx({} as never))
  await refused('option', 'takes the path', () => saveOnnx(net, ''))
  net.dispose()
  const lengths = { input: [3, 2], 'input.lengths': [1] } as const
  const sequences = await network(lengths, [rnn({ units: 2, from: 'input' })])
  await refused('option', 'ONNX files have no "input.lengths"', () => toOnnx(sequences))
  sequences.dispose()
})
