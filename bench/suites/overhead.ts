// What it costs to use Hebb at all: starting the engine, the smallest predict, one image through LeNet-5, the
// delay of the caller's event loop while training, and the bytes that a page loads.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'
import { datasets, dense, init, network, shutdown } from 'hebb'
import { build } from '../engines/hebb/adapter.ts'
import type { Row } from '../harness/results.ts'
import { quantile } from '../harness/statistics.ts'
import type { Model } from '../harness/work.ts'
import { lenet } from './lenet.ts'
import type { OwnSuite } from './suite.ts'

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
    // The largest is the 99th percentile.
    case: 'event loop in fit',
    engine,
    threads,
    medianMs: delay.percentile(50) / 1e6,
    minMs: delay.min / 1e6,
    maxMs: delay.percentile(99) / 1e6,
  })
  await shutdown()

  const dist = join(import.meta.dirname, '..', '..', 'packages', 'hebb', 'dist')
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
