// ONNX files in a page.
import { conv2d, dense, flatten, network } from 'hebb'
import { loadOnnx, toOnnx } from 'hebb/onnx'
import { expect, test } from 'vitest'

test('a network is written and read in a page', async () => {
  const layers = [
    conv2d({ filters: 3, kernel: 3, activation: 'relu' }),
    flatten(),
    dense({ units: 2 }),
  ] as const
  const net = await network([1, 6, 6], layers, { seed: 1 })
  const bytes = await toOnnx(net)
  const address = URL.createObjectURL(new Blob([bytes]))
  const x = { data: Float32Array.from({ length: 72 }, (_, i) => Math.sin(i)), shape: [2, 1, 6, 6] }
  const wanted = Array.from((await net.predict(x)).data)
  for (const source of [bytes, address]) {
    const again = await loadOnnx(source)
    expect(Array.from((await again.predict(x)).data)).toEqual(wanted)
    again.dispose()
  }
  URL.revokeObjectURL(address)
  net.dispose()
})
