// Downloads of a server that breaks off, that cannot continue, and that sends something else.
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, type Network, network } from 'hebb'
import { cachedWeights, deleteCachedWeights, loadWeights } from 'hebb/weights'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const make = (seed: number): Promise<Network> => network([300], [dense({ units: 400, name: 'd' })], { seed })

let folder: string
let server: Server
let url: string
let bytes: Uint8Array
let sha256: string
let ranges: (string | undefined)[]
/** Ends the connection of a file that is sent in part: what is still on its way then is lost. */
let breakOff = () => {}
let answer: (request: IncomingMessage, response: ServerResponse) => void

/** Sends the file, from where the client wants it. */
function send(request: IncomingMessage, response: ServerResponse, upTo = bytes.length): void {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (from >= bytes.length) return void response.writeHead(416).end()
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from })
  response.write(bytes.subarray(from, upTo))
  if (upTo < bytes.length) breakOff = () => response.destroy()
  else response.end()
}

beforeAll(async () => {
  bytes = await (await make(5)).toBytes()
  sha256 = createHash('sha256').update(bytes).digest('hex')
  server = createServer((request, response) => {
    ranges.push(request.headers.range)
    answer(request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/d.safetensors`
})
afterAll(() => server.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hebb-cache-'))
  process.env.HEBB_CACHE = folder
  ranges = []
  answer = (request, response) => send(request, response)
})
afterEach(() => {
  delete process.env.HEBB_CACHE
  rmSync(folder, { recursive: true, force: true })
})

async function check(net: Network): Promise<void> {
  expect(await net.weights()).toEqual(await (await make(5)).weights())
}

test('with a hash the file is fetched once, listed and deleted', async () => {
  const loaded: number[] = []
  for (const seed of [1, 2]) {
    const net = await make(seed)
    await loadWeights(net, url, { sha256, onProgress: ({ loaded: bytes }) => loaded.push(bytes) })
    await check(net)
  }
  expect(ranges).toEqual([undefined])
  expect(loaded.at(-1)).toBe(bytes.length)
  expect(await cachedWeights()).toEqual([{ sha256, bytes: bytes.length, complete: true }])
  await deleteCachedWeights('f'.repeat(64))
  expect(await cachedWeights()).toHaveLength(1)
  await deleteCachedWeights(sha256)
  expect(await cachedWeights()).toEqual([])
})

test('without a hash nothing is kept', async () => {
  const net = await make(1)
  await loadWeights(net, url)
  await check(net)
  expect(readdirSync(folder)).toEqual([])
})

test('a broken download is continued', async () => {
  const half = Math.floor(bytes.length / 2)
  answer = (request, response) => send(request, response, half)
  await refused('file', 'broke off', async () =>
    loadWeights(await make(1), url, { sha256, onProgress: () => breakOff() }),
  )
  const [kept] = await cachedWeights()
  expect(kept).toMatchObject({ sha256, complete: false })
  expect(kept!.bytes).toBeGreaterThan(0)
  expect(kept!.bytes).toBeLessThanOrEqual(half)
  answer = (request, response) => send(request, response)
  const net = await make(1)
  await loadWeights(net, url, { sha256 })
  await check(net)
  expect(ranges).toEqual([undefined, `bytes=${kept!.bytes}-`])
})

test('a server that cannot continue begins anew; one that has nothing more is believed', async () => {
  const part = join(folder, `${sha256}.part`)
  writeFileSync(part, bytes.subarray(0, 1000))
  answer = (_, response) => response.end(bytes)
  let net = await make(1)
  await loadWeights(net, url, { sha256 })
  await check(net)
  await deleteCachedWeights()
  writeFileSync(part, bytes)
  answer = (request, response) => send(request, response)
  net = await make(1)
  await loadWeights(net, url, { sha256 })
  await check(net)
  expect(ranges.at(-1)).toBe(`bytes=${bytes.length}-`)
})

test('a file with another hash is refused and not kept, whether it comes whole or after a wrong beginning', async () => {
  const wrong = '1'.repeat(64)
  await refused('file', `${sha256}, not ${wrong}`, async () =>
    loadWeights(await make(1), url, { sha256: wrong }),
  )
  expect(readdirSync(folder)).toEqual([])
  writeFileSync(join(folder, `${sha256}.part`), new Uint8Array(1000))
  await refused('file', `not ${sha256}`, async () => loadWeights(await make(1), url, { sha256 }))
  expect(readdirSync(folder)).toEqual([])
})

test('a kept file that has changed on the disk is fetched again', async () => {
  await loadWeights(await make(1), url, { sha256 })
  const kept = join(folder, `${sha256}.safetensors`)
  truncateSync(kept, 500)
  const net = await make(1)
  await loadWeights(net, url, { sha256 })
  await check(net)
  expect(ranges).toHaveLength(2)
  expect(statSync(kept).size).toBe(bytes.length)
})

test('where nothing can be kept the weights are loaded all the same', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  process.env.HEBB_CACHE = join(file, 'no folder')
  const net = await make(1)
  await loadWeights(net, url, { sha256 })
  await check(net)
  expect(await cachedWeights()).toEqual([])
})

test('an error of the server is named', async () => {
  answer = (_, response) => response.writeHead(404).end()
  await refused('file', 'was answered with 404', async () => loadWeights(await make(1), url, { sha256 }))
  await refused('file', 'could not be fetched', async () =>
    loadWeights(await make(1), 'http://127.0.0.1:1/x'),
  )
})
