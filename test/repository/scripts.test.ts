// The commands' programs are TypeScript, which Node before 22.18 cannot run by itself.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { root } from '../helpers/root'

const folder = mkdtempSync(join(tmpdir(), 'hebb-scripts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = { ...process.env, NODE_OPTIONS: '' }
/** A Node that does not strip types; in newer versions an option turns it off. */
const OLD = '--no-experimental-strip-types'
const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env })

test('an example runs in a Node that does not strip types, with the help of the compiler', () => {
  const main = join('packages', 'examples', '01-logic-gates', 'main.ts')
  expect(run(OLD, main, '--json').stderr).toContain('ERR_UNKNOWN_FILE_EXTENSION')
  const helped = run(OLD, '--import', './scripts/typescript.mjs', main, '--json')
  expect(helped.stderr).toBe('')
  expect(JSON.parse(helped.stdout)).toEqual(JSON.parse(run(main, '--json').stdout))
})

test('without the pinned Node the commands provide that help, also for child processes', () => {
  // (TypeScript 53922, ts-node 1997: "ERR_UNKNOWN_FILE_EXTENSION on Node v20.0.0".)
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
  const shell = pathToFileURL(join(folder, 'scripts', 'shell.mjs')).href
  const print = `import('${shell}').then(({ node }) => console.log(node() === process.execPath, process.env.NODE_OPTIONS, node()))`
  const help = `--import=${pathToFileURL(join(folder, 'scripts', 'typescript.mjs')).href}`
  expect(run(OLD, '-e', print).stdout).toBe(`true  ${help} ${process.execPath}\n`)
  expect(run('-e', print).stdout).toBe(`true  ${process.execPath}\n`)
})
