// `hebb playground` serves the pages of the package hebb-playground, as it is installed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../helpers/command'
import { playground, served } from '../helpers/playground'

const { now } = served()
const folder = mkdtempSync(join(tmpdir(), 'hebb-playground-'))
const empty = mkdtempSync(join(tmpdir(), 'hebb-playground-'))
let child: ChildProcess
let url: string

beforeAll(async () => {
  const place = join(folder, 'node_modules', 'hebb-playground')
  mkdirSync(place, { recursive: true })
  cpSync(join(playground, 'package.json'), join(place, 'package.json'))
  symlinkSync(now.outDir, join(place, 'dist'))
  child = spawn(process.execPath, [cli, 'playground', '--port', '0', '--json'], { cwd: folder })
  const line = await new Promise<string>((resolve) =>
    child.stdout!.once('data', (text) => resolve(`${text}`)),
  )
  url = JSON.parse(line).url
})
afterAll(() => {
  child?.kill('SIGKILL')
  for (const one of [folder, empty]) rmSync(one, { recursive: true, force: true })
})

/** What the command says at once, and how it ends. */
function refused(cwd: string, ...args: string[]) {
  const done = spawnSync(process.execPath, [cli, 'playground', ...args], { cwd, encoding: 'utf8' })
  return [done.status, `${done.stdout}${done.stderr}`.trim()]
}

test('a chapter computes with threads, by files of the right types', async () => {
  const context = await now.browser.newContext()
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('response', (response) => response.ok() || wrong.push(response.url()))
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
  await page.goto(`${url}?chapter=perceptron`)
  await page.waitForSelector('#engine')
  expect([await page.evaluate('crossOriginIsolated'), wrong]).toEqual([true, []])
  await context.close()
})

test('only what is in the folder is answered, and only for reading', async () => {
  const status = async (path: string, method = 'GET') => (await fetch(url + path, { method })).status
  expect(await status('mnist/t10k-labels-idx1-ubyte.gz', 'HEAD')).toBe(200)
  expect(await status('', 'POST')).toBe(405)
  for (const path of ['assets', '..%2fpackage.json', '%2e%2e/package.json', '%'])
    expect([path, await status(path)]).toEqual([path, 404])
})

test('a port that is in use, and pages that are not installed, are refused with the remedy', async () => {
  const { port } = new URL(url)
  const inUse = `error: port ${port} is in use: choose another with --port`
  expect(refused(folder, '--port', port)).toEqual([1, inUse])
  const missing = 'error: the playground is a package of its own: npm install hebb-playground'
  expect(refused(empty)).toEqual([1, missing])
})

test('Ctrl-C ends it with 0', async () => {
  const ended = new Promise((resolve) => child.once('exit', (...how) => resolve(how)))
  // A browser that keeps its connection does not hold it up.
  await fetch(url, { headers: { Connection: 'keep-alive' } })
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
})
