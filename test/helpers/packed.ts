// The packed package in a folder of its own, and servers for pages that use it.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { root } from './root'

const tsup = createRequire(import.meta.url).resolve('tsup')
/** The esbuild that tsup uses. */
export const { build: esbuild } = createRequire(tsup)('esbuild') as {
  build(options: object): Promise<unknown>
}

/** A program that learns XOR, without its imports; it leaves `0 1 1 0` in `answers`. */
export const XOR = `
  const x = [[0, 0], [0, 1], [1, 0], [1, 1]]
  const data = await datasets.fromArrays(x, [[0], [1], [1], [0]])
  const hidden = dense({ units: 4, activation: 'tanh' })
  const net = await network([2], [hidden, dense({ units: 1, activation: 'sigmoid' })], { seed: 1 })
  await net.fit(data, { epochs: 500, batchSize: 4, optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }) })
  const answers = Array.from((await net.predict(x)).data, Math.round).join(' ')
`

/** The names that {@link XOR} imports. */
export const NAMES = 'datasets, dense, init, network, sgd'

/** A module that exports `train(options)`: it returns `init`'s report and the answers, or the error's code and message. */
export const TRAIN = `import { ${NAMES} } from 'hebb'
export async function train(options) {
  try {
    const { threads, isolated, reason } = await init(options)
    ${XOR}
    return { threads, isolated, reason, answers }
  } catch (error) {
    return { error: String(error.code), message: error.message }
  }
}
`

/** The package as a tarball. It is packed once for all test files: the next build removes it. */
export function packed(): string {
  const cwd = join(root, 'packages', 'hebb')
  // Names with a dot at the start are no part of the package.
  const folder = join(cwd, 'dist', '.packed')
  const { version } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))
  const tarball = join(folder, `hebb-${version}.tgz`)
  if (!existsSync(tarball)) {
    mkdirSync(folder, { recursive: true })
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd })
  }
  return tarball
}

/** A new folder with the package in its node_modules; `remove` deletes it. */
export function unpacked() {
  const folder = mkdtempSync(join(tmpdir(), 'hebb-packed-'))
  const place = join(folder, 'node_modules', 'hebb')
  mkdirSync(place, { recursive: true })
  execFileSync('tar', ['-xzf', packed(), '-C', place, '--strip-components', '1'])
  return {
    folder,
    dist: join(place, 'dist'),
    /** The output of a Node program, or its error output if it fails. */
    node(...args: string[]): string {
      const done = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
      return (done.status === 0 ? done.stdout : `${done.stdout}${done.stderr}`).trim()
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

const servers: Server[] = []

/** Serves a folder at an origin of its own, each file with the headers that `headers` returns; returns the origin. */
export async function serve(folder: string, headers: (path: string) => Record<string, string>) {
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://x').pathname
    try {
      const body = readFileSync(join(folder, path))
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain', ...headers(path) })
      response.end(body)
    } catch {
      response.writeHead(404, headers(path)).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Stops all servers. */
export function closeAll() {
  for (const server of servers.splice(0)) server.close()
}
