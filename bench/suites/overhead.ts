// The overhead of using Hebb: installing it, starting the engine, the smallest predict, one image through LeNet-5, a step of
// minimize, the delays of the caller's event loop and of other networks while one trains, and the bytes that a page
// loads.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'
import { datasets, dense, init, minimize, network, shutdown } from 'hebb'
import { build } from '../engines/hebb/adapter.ts'
import type { Row } from '../harness/results.ts'
import { quantile } from '../harness/statistics.ts'
import type { Model } from '../harness/work.ts'
import { lenet } from './lenet.ts'
import type { OwnSuite } from './suite.ts'

const PACKAGE = join(import.meta.dirname, '..', '..', 'packages', 'hebb')

const XOR = `import { datasets, dense, network } from 'hebb'
const net = await network([2], [dense({ units: 4, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })])
await net.fit(await datasets.fromArrays([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]), { epochs: 500 })`

/** The waiting time of a new user: npm install of the packed package into an empty folder, and a first training. */
async function installAndTrain(): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), 'hebb-overhead-'))
  try {
    const pack = ['pack', '--silent', '--pack-destination', cwd]
    const tarball = execFileSync('npm', pack, { cwd: PACKAGE, encoding: 'utf8' }).trim()
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', join(cwd, tarball)], { cwd })
    execFileSync(process.execPath, ['--input-type=module', '-e', XOR], { cwd })
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

export const overhead: OwnSuite = async ({ threads, quick }) => {
  const rounds = quick ? 100 : 1000
  const results: Row[] = []
  const { simd } = await init({ threads })
  const engine = simd === 'relaxed' ? 'hebb-node-relaxed' : 'hebb-node'
  const add = (name: string, times: number[]) =>
    results.push({
      suite: 'overhead',
      case: name,
      engine,
      threads,
      medianMs: quantile(times, 0.5),
      minMs: quantile(times, 0),
      maxMs: quantile(times, 1),
    })
  const time = async (work: () => Promise<unknown>) => {
    const from = performance.now()
    await work()
    return performance.now() - from
  }
  const repeat = async (count: number, work: () => Promise<unknown>) => {
    const times = []
    for (let i = 0; i < count; i++) times.push(await time(work))
    return times
  }

  const starts = []
  for (let i = 0; i < 10; i++) {
    await shutdown()
    starts.push(await time(() => init({ threads })))
  }
  add('engine start', starts)

  const tiny = await network([2], [dense({ units: 1 })])
  await repeat(300, () => tiny.predict([1, 2]))
  add('smallest predict', await repeat(rounds, () => tiny.predict([1, 2])))

  const net = await build(lenet.cases[0]!.work as Model)
  const image = { data: new Uint8Array(784).fill(100), shape: [1, 28, 28] }
  await repeat(300, () => net.predict(image))
  add('lenet infer b1', await repeat(rounds, () => net.predict(image)))

  const steps = 2000
  const descend = () =>
    minimize(([a, b]) => a! ** 2 + b! ** 2, [1, 1], {
      learningRate: 1e-9,
      steps,
      gradient: ([a, b]) => [2 * a!, 2 * b!],
    })
  add(
    'minimize step',
    (await repeat(quick ? 2 : 10, descend)).map((ms) => ms / steps),
  )

  const samples = 60_000
  const data = await datasets.fromArrays(
    { data: new Uint8Array(samples * 784).fill(1), shape: [samples, 1, 28, 28] },
    Uint8Array.from({ length: samples }, (_, i) => i % 10),
  )
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await net.fit(data, { epochs: 1, batchSize: 64 })
  delay.disable()
  results.push({
    suite: 'overhead',
    // `maxMs` is the 99th percentile.
    case: 'event loop in fit',
    engine,
    threads,
    medianMs: delay.percentile(50) / 1e6,
    minMs: delay.min / 1e6,
    maxMs: delay.percentile(99) / 1e6,
  })
  const run = net.fit(data, { epochs: 1e6, batchSize: 64 })
  await run.step()
  run.resume()
  add('predict in fit', await repeat(rounds / 10, () => tiny.predict([1, 2])))
  run.stop()
  await run
  await shutdown()

  add('install and train', [await time(installAndTrain)])

  const dist = join(PACKAGE, 'dist')
  const bytes = readdirSync(dist)
    .filter((name) => /\.(js|wasm)$/.test(name))
    .map((file) => {
      const content = readFileSync(join(dist, file))
      return { file, bytes: content.length, gzipped: gzipSync(content, { level: 9 }).length }
    })
  const lines = [
    ...results.map(
      (r) =>
        `${r.case.padEnd(18)} median ${r.medianMs.toFixed(3)} ms (${r.minMs.toFixed(3)}–${r.maxMs.toFixed(3)})`,
    ),
    ...bytes.map((b) => `${b.file}: ${b.bytes} bytes, gzipped ${b.gzipped}`),
  ]
  return { lines, results, bytes }
}
