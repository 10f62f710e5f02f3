// Saving replaces files atomically: a file is the old or the new one in every case, and no temporary files remain.
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { dense, loadNetwork, type Network, network } from 'hebb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let folder: string
let net: Network
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hebb-save-'))
  net = await network([3], [dense({ units: 2 })], { seed: 1 })
})
afterEach(() => {
  net.dispose()
  rmSync(folder, { recursive: true })
})

const bytesOf = (path: string) => new Uint8Array(readFileSync(path))
const left = () => readdirSync(folder)

describe('many saves to one path', () => {
  // pytorch-lightning#19970 and agent-framework#8182: two writers with the same temporary name corrupt the file.
  test('all succeed, and the file is one of the saved networks', async () => {
    const nets = await Promise.all(
      [1, 2, 3, 4].map((seed) => network([40], [dense({ units: 20 * seed })], { seed })),
    )
    const all = await Promise.all(nets.map((one) => one.toBytes()))
    const path = join(folder, 'net.safetensors')
    for (let round = 0; round < 60; round++) {
      await Promise.all(nets.map((one) => one.save(path)))
      const file = bytesOf(path)
      expect(all.some((bytes) => Buffer.compare(bytes, file) === 0)).toBe(true)
    }
    expect(left()).toEqual(['net.safetensors'])
    for (const one of nets) one.dispose()
  })
})

describe('the file', () => {
  test('keeps its mode for any umask', async () => {
    const path = join(folder, 'net')
    for (const mode of [0o600, 0o640, 0o666, 0o777]) {
      writeFileSync(path, 'old')
      chmodSync(path, mode)
      await net.save(path)
      expect((statSync(path).mode & 0o7777).toString(8)).toBe(mode.toString(8))
    }
    const other = join(folder, 'other')
    writeFileSync(other, '')
    await net.save(join(folder, 'new'))
    expect(statSync(join(folder, 'new')).mode).toBe(statSync(other).mode)
  })

  test('may be given as a URL, and with the longest possible name', async () => {
    await net.save(pathToFileURL(join(folder, 'a b')))
    await net.save(join(folder, 'x'.repeat(255)))
    expect(left().sort()).toEqual(['a b', 'x'.repeat(255)])
  })

  test('is written through symbolic links, which are kept', async () => {
    mkdirSync(join(folder, 'real'))
    mkdirSync(join(folder, 'links'))
    writeFileSync(join(folder, 'real', 'net'), 'old')
    symlinkSync('../real/net', join(folder, 'links', 'first'))
    symlinkSync(join(folder, 'links', 'first'), join(folder, 'second'))
    symlinkSync('real', join(folder, 'folder'))
    // To a file that does not exist yet, in a folder that is itself a link.
    symlinkSync('../links/../real/later', join(folder, 'real', 'dangling'))
    const bytes = await net.toBytes()
    await net.save(join(folder, 'second'))
    expect(bytesOf(join(folder, 'real', 'net'))).toEqual(bytes)
    await net.save(join(folder, 'folder', 'dangling'))
    expect(bytesOf(join(folder, 'real', 'later'))).toEqual(bytes)
    for (const link of ['second', 'links/first', 'real/dangling', 'folder']) {
      expect(lstatSync(join(folder, link)).isSymbolicLink()).toBe(true)
    }
    expect(readdirSync(join(folder, 'real')).sort()).toEqual(['dangling', 'later', 'net'])
  })

  test('is refused if it is a folder, a device, a pipe, or a cycle of links', async () => {
    symlinkSync('ring', join(folder, 'ring'))
    symlinkSync('/dev/null', join(folder, 'null'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const before = statSync('/dev/null')
    for (const [path, why] of [
      [folder, 'a folder'],
      [join(folder, 'new/'), 'ENOENT'],
      ['/dev/null', 'a device'],
      ['/dev/full', 'a device'],
      [join(folder, 'null'), 'a device'],
      [join(folder, 'pipe'), 'a device or a pipe'],
      [join(folder, 'ring'), 'ELOOP'],
      [join(folder, 'missing', 'net'), 'ENOENT'],
      [join(folder, 'a\0b'), ''],
    ] as const) {
      await expect(net.save(path)).rejects.toMatchObject({
        name: 'HebbError',
        code: 'file',
        message: expect.stringContaining(why),
      })
    }
    expect(statSync('/dev/null').rdev).toBe(before.rdev)
    expect(left().sort()).toEqual(['null', 'pipe', 'ring'])
  })
})

describe('a killed process', () => {
  test('leaves a complete file, and the next save removes its temporary files', async () => {
    const path = join(folder, 'net')
    const code = `
      import { dense, network } from 'hebb'
      const net = await network([500], [dense({ units: 500 })], { seed: 3 })
      for (;;) {
        await Promise.all([1, 2, 3].map(() => net.save(${JSON.stringify(path)})))
        process.stdout.write('.')
      }`
    for (let kill = 0; kill < 4; kill++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      // After some saves, each time at another point of a save.
      const ended = new Promise((resolve) => child.on('exit', resolve))
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await new Promise((resolve) => setTimeout(resolve, 3 + 7 * kill))
      child.kill('SIGKILL')
      await ended
      const whole = await loadNetwork(path)
      expect(whole.parameters).toBe(500 * 501)
      whole.dispose()
      expect(left().every((name) => /^(net|other|.*\.part)$/.test(name))).toBe(true)
      await net.save(join(folder, 'other'))
      expect(left().sort()).toEqual(['net', 'other'])
    }
  })

  test('is distinguished from a running one, on this or another machine', async () => {
    const uuid = '00000000-0000-4000-8000-000000000000'
    const here = hostname()
    const name = (host: string, pid: number) => `.hebb-${host}-${pid}-${uuid}.part`
    const place = (file: string, age: number) => {
      writeFileSync(join(folder, file), '')
      const time = Date.now() / 1000 - age
      utimesSync(join(folder, file), time, time)
    }
    const [mine, parents] = [name(here, process.pid), name(here, process.ppid)]
    place(mine, 0)
    place(parents, 100)
    place(name('elsewhere', 1), 3600)
    await net.save(join(folder, 'net'))
    expect(left().sort()).toEqual([mine, name('elsewhere', 1), parents, 'net'].sort())
    // The files are older than two days, or no process with that number exists.
    place(mine, 2 * 86_400)
    place(name('elsewhere', 1), 2 * 86_400)
    place(name(here, 2 ** 30), 0)
    await net.save(join(folder, 'net'))
    expect(left().sort()).toEqual([parents, 'net'].sort())
    expect(existsSync(join(folder, 'net'))).toBe(true)
  })
})
