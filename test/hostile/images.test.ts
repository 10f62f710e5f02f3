// Mutated image files, recipes and sources: each is refused with a code, and the decoder goes on. (The decoder itself is tried
// with many more by crates/hebb-images/tests/hostile.)
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { datasets } from 'hebb'
import { expect, test } from 'vitest'
import { root } from '../helpers/root'
import { outcome, torment } from './values'

const fixture = JSON.parse(readFileSync(join(root, 'test/fixtures/pillow/images.json'), 'utf8'))
const files = (fixture.cases as { file: string }[]).map(({ file }) => Buffer.from(file, 'base64'))
const white = [255, 255, 255] as const

test('files with bits flipped, bytes cut off and bytes inserted', async () => {
  let state = 3
  const draw = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const counts: Record<string, number> = {}
  for (let i = 0; i < 600; i++) {
    const good = files[draw(files.length)]!
    const at = draw(good.length)
    const file = [
      () => Uint8Array.from(good, (byte, j) => (j === at ? byte ^ (1 << draw(8)) : byte)),
      () => Uint8Array.from(good, (byte, j) => (j === at ? 255 : byte)),
      () => Uint8Array.from([...good.subarray(0, at), draw(256), ...good.subarray(at)]),
    ][i % 3]!()
    const result = await outcome(() => datasets.prepare(file, { background: white }))
    counts[result] = (counts[result] ?? 0) + 1
  }
  expect(Object.keys(counts).sort()).toEqual(['accepted', 'file'])
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(50)
  for (const file of files)
    expect(await outcome(() => datasets.prepare(file, { background: white }))).toBe('accepted')
})

test('wrong recipes and sources', async () => {
  const image = { data: new Uint8Array(16).fill(255), width: 2, height: 2 }
  await torment('prepare', (value) => datasets.prepare(value as never, {}))
  await torment('prepare recipe', (value) => datasets.prepare(image, value as never))
  for (const option of [
    'resize',
    'interpolation',
    'crop',
    'order',
    'scale',
    'mean',
    'deviation',
    'background',
  ]) {
    await torment(`prepare.${option}`, (value) => datasets.prepare(image, { [option]: value } as never))
  }
  await torment('prepare.tenCrop', (value) => datasets.prepare(image, { crop: 1, tenCrop: value } as never))
})
