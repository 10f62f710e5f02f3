// Weights in a page: kept in the private file system of its origin.
import { dense, network } from 'hebb'
import { cachedWeights, deleteCachedWeights, loadWeights } from 'hebb/weights'
import { expect, test } from 'vitest'

const make = (seed: number) => network([300], [dense({ units: 40, name: 'd' })], { seed })
const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

test('weights are fetched once, listed and deleted', async () => {
  await deleteCachedWeights()
  const source = await make(5)
  const bytes = await source.toBytes()
  const sha256 = hex(await crypto.subtle.digest('SHA-256', bytes))
  const url = URL.createObjectURL(new Blob([bytes]))
  const weights = await source.weights()
  for (const seed of [1, 2]) {
    const net = await make(seed)
    await loadWeights(net, url, { sha256 })
    expect(await net.weights()).toEqual(weights)
    // The second time there is no such address any more.
    URL.revokeObjectURL(url)
  }
  expect(await cachedWeights()).toEqual([{ sha256, bytes: bytes.length, complete: true }])
  await deleteCachedWeights(sha256)
  expect(await cachedWeights()).toEqual([])
  const wrong = '2'.repeat(64)
  const again = URL.createObjectURL(new Blob([bytes]))
  await expect(loadWeights(await make(1), again, { sha256: wrong })).rejects.toMatchObject({ code: 'file' })
  expect(await cachedWeights()).toEqual([])
})

test('a file that the user chose', async () => {
  const source = await make(5)
  const net = await make(1)
  await loadWeights(net, new File([await source.toBytes()], 'd.safetensors'))
  expect(await net.weights()).toEqual(await source.weights())
})
