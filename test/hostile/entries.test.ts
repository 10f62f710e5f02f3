// Invalid values in what the package's smaller modules take.
import { distributed } from 'hebb/distributed'
import { edge } from 'hebb/edge'
import { inline } from 'hebb/inline'
import { loadKeras } from 'hebb/keras'
import { loadOnnx, saveOnnx, toOnnx } from 'hebb/onnx'
import { test } from 'vitest'
import { torment } from './values'

test('hebb/onnx', async () => {
  await torment('loadOnnx', (value) => loadOnnx(value))
  await torment('loadOnnx options', (value) => loadOnnx(new Uint8Array([8, 8]), value))
  await torment('toOnnx', (value) => toOnnx(value))
  await torment('saveOnnx', (value) => saveOnnx(value, value))
})

test('hebb/keras', async () => {
  await torment('loadKeras', (value) => loadKeras(value))
  await torment('loadKeras options', (value) => loadKeras(new Uint8Array([80, 75]), value))
})

test('hebb/inline', async () => {
  await torment('inline', (value) => inline(value))
  await torment('inline.simd', (value) => inline({ simd: value }))
})

test('hebb/edge', async () => {
  await torment('edge', (value) => edge(value))
})

test('hebb/distributed', async () => {
  await torment('distributed', (value) => distributed(value))
  for (const option of ['shards', 'timeoutMs', 'reduce'])
    await torment(`distributed.${option}`, (value) => distributed({ [option]: value }))
  const ranks = await distributed()
  for (const method of ['shard', 'broadcast', 'allReduce'] as const)
    await torment(`ranks.${method}`, (value) => ranks[method](value as never))
})
