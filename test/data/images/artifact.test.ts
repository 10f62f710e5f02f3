// The decoder of image files is loaded when a file is asked for, from the place that the program names.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { datasets, init, shutdown } from 'hebb'
import { afterAll, expect, test } from 'vitest'
import { root } from '../../helpers/root'
import { header, png } from './pngFiles'

const folder = mkdtempSync(join(tmpdir(), 'hebb-decoder-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = png(header(1, 1, 8, 0), Buffer.of(0, 7))
const own = join(root, 'packages', 'hebb', 'dist', 'hebb-images.wasm')

async function decodedBy(images: string | Uint8Array<ArrayBuffer>) {
  await shutdown()
  await init({ images })
  return datasets.fromImages([file])
}

test('what is no decoder gives an error, and the right one is found afterwards', async () => {
  const refused = (images: string | Uint8Array<ArrayBuffer>, message: string) =>
    expect(decodedBy(images)).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringContaining(message),
    })
  const page = join(folder, 'index.html')
  writeFileSync(page, '<!doctype html>')
  await refused(join(folder, 'none.wasm'), 'could not be read: ENOENT')
  await refused(page, 'index.html is not WebAssembly but HTML')
  await refused(Uint8Array.of(1, 2, 3), 'what init({ images }) was given is not WebAssembly: name the right')
  // A module with no exports.
  await refused(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), 'is not the decoder of this version')
  expect((await decodedBy(own)).shape).toEqual([3, 1, 1])
  await shutdown()
  expect((await datasets.fromImages([file])).samples).toBe(1)
})

test('many files at once', async () => {
  const files = Array.from({ length: 40 }, (_, i) => png(header(1, 1, 8, 0), Buffer.of(0, i)))
  const all = await Promise.all(files.map((one) => datasets.fromImages([one])))
  expect(all.every(({ samples }) => samples === 1)).toBe(true)
})

test('after a file that needs much memory comes one that needs little', async () => {
  const rows = Buffer.alloc(5001 * 5000)
  expect(
    (await datasets.fromImages([png(header(5000, 5000, 8, 0), rows), file], undefined, { size: 1 })).samples,
  ).toBe(2)
})
