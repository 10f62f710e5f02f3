// How an uncaught error looks in a terminal or in a log that reads a pipe.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { root } from './helpers/root'

const folder = mkdtempSync(join(tmpdir(), 'hebb-terminal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hebb = pathToFileURL(join(root, 'packages/hebb/dist/index.js')).href

/** What a program with `line` as its second line prints when it dies. */
function lastWords(line: string, ...flags: string[]): string {
  const program = join(folder, 'program.mjs')
  writeFileSync(program, `import * as hebb from '${hebb}'\n${line}\n`)
  const { status, stderr } = spawnSync(process.execPath, [...flags, program], { encoding: 'utf8' })
  expect(status).not.toBe(0)
  return stderr
}

const NET = 'const net = await hebb.network([2], [hebb.dense({ units: 1 })])'
const DATA = 'await hebb.datasets.fromArrays([[1, 2, 3]], [[1]])'

describe.each([
  ['a layer', 'hebb.dense({ units: -3 })', 'units must be a whole number of at least 1, got -3'],
  ['a network', 'await hebb.network([2], [hebb.maxPool2d({ kernel: 2 })])', 'pool1'],
  ['the samples of predict', `${NET}; await net.predict([[1, 2, 3]])`, 'samples of shape [2]'],
  ['the data set of evaluate', `${NET}; await net.evaluate(${DATA})`, 'the network expects [2]'],
  ['the data set of fit', `${NET}; await net.fit(${DATA})`, 'the network expects [2]'],
  ['a fit that nobody awaits', `${NET}; net.fit(${DATA})`, 'the network expects [2]'],
])('an error of %s', (_, line, message) => {
  test('is short, says what was wrong, and shows the call', () => {
    const words = lastWords(line)
    expect(words).toContain('HebbError: ')
    expect(words).toContain(message)
    expect(words).toMatch(/program\.mjs:2:\d+/)
    expect(words.length).toBeLessThan(4000)
    for (const one of words.split('\n')) expect(one.length).toBeLessThan(400)
  })

  test('points to the sources if Node reads source maps', () => {
    const words = lastWords(line, '--enable-source-maps')
    expect(words).toContain(message)
    expect(words).toMatch(/packages\/hebb\/src\/[\w/]+\.ts:\d+:\d+/)
  })
})
