// Training on more data than WebAssembly can hold: 4.4 GB of generated samples go through one fit, and memory stays
// constant. Then the same network and samples from memory, which shows the cost of streaming.
import {
  averagePool2d,
  datasets,
  dense,
  flatten,
  init,
  memory,
  type Network,
  network,
  type Sample,
  sgd,
  shutdown,
} from 'hebb'
import { quantile } from '../harness/statistics.ts'
import type { OwnSuite } from './suite.ts'

const SIDE = 64
const VALUES = SIDE * SIDE
const BYTES = 4 * VALUES
const BATCH = 64

/** Noise to take samples from. */
const NOISE = Float32Array.from({ length: 16 * VALUES }, (_, i) => Math.sin(i * i * 1e-3))

/** Images of noise with a bright quarter, each in a new array, as from a file or a network. */
async function* quarters(samples: number): AsyncGenerator<Sample> {
  let state = 1
  for (let i = 0; i < samples; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const [from, t] = [state % (NOISE.length - VALUES), state >>> 30]
    const data = NOISE.slice(from, from + VALUES)
    const corner = (t >> 1) * (SIDE / 2) * SIDE + (t & 1) * (SIDE / 2)
    for (let row = 0; row < SIDE / 2; row++) {
      const line = data.subarray(corner + row * SIDE, corner + row * SIDE + SIDE / 2)
      for (let column = 0; column < line.length; column++) line[column]! += 0.3
    }
    yield { x: { data, shape: [1, SIDE, SIDE] }, t }
  }
}

const make = (): Promise<Network> =>
  network(
    [1, SIDE, SIDE],
    [averagePool2d({ kernel: 8 }), flatten(), dense({ units: 4, activation: 'softmax' })],
    { seed: 1 },
  )

const optimizer = sgd({ learningRate: 0.01, momentum: 0.9 })
const mib = (bytes: number) => Math.round(bytes / 2 ** 20)

export const stream: OwnSuite = async ({ threads, quick }) => {
  const samples = quick ? 16_384 : 270_336
  const { simd } = await init({ threads })
  const engine = simd === 'relaxed' ? 'hebb-node-relaxed' : 'hebb-node'
  const net = await make()

  const timeline: { samples: number; seconds: number; rssMiB: number; wasmMiB: number }[] = []
  const times: number[] = []
  const [started, step] = [performance.now(), samples / 16]
  const look = async (done: number) => {
    const seconds = (performance.now() - started) / 1000
    const { wasm } = await memory()
    timeline.push({ samples: done, seconds, rssMiB: mib(process.memoryUsage().rss), wasmMiB: mib(wasm) })
    process.stderr.write(`${JSON.stringify(timeline.at(-1))}\n`)
  }
  await look(0)
  let [before, at, next] = [0, performance.now(), step]
  const run = net.fit(quarters(samples), { batchSize: BATCH, seed: 1, optimizer })
  for await (const progress of run) {
    const now = performance.now()
    if (progress.samples > before) times.push(((now - at) * BATCH) / (progress.samples - before))
    ;[before, at] = [progress.samples, now]
    if (progress.samples < next) continue
    next = progress.samples + step
    await look(progress.samples)
  }
  const { epochs } = await run
  const { loss, accuracy, seconds } = epochs[0]!
  await look(samples)
  net.dispose()

  const held = await make()
  const part = 8192
  const parts = []
  for await (const { x, t } of datasets.batches(quarters(part), { batchSize: part })) parts.push({ x, t: t! })
  using data = await datasets.fromArrays(parts[0]!.x, parts[0]!.t as Uint32Array)
  const fromMemory = (await held.fit(data, { epochs: 5, batchSize: BATCH, optimizer })).epochs
  await shutdown()

  const perSecond = samples / seconds
  const inMemory = quantile(
    fromMemory.map(({ samplesPerSecond }) => samplesPerSecond),
    0.5,
  )
  const result = {
    suite: 'stream',
    case: `fit b${BATCH}`,
    engine,
    threads,
    medianMs: quantile(times, 0.5),
    minMs: quantile(times, 0),
    maxMs: quantile(times, 1),
    perSecond,
  }
  const gigabytes = (samples * BYTES) / 1e9
  const [first, last] = [timeline[1]!, timeline.at(-1)!]
  const lines = [
    ...timeline.map(
      (t) =>
        `${t.seconds.toFixed(1).padStart(6)} s  ${t.samples} samples  ${t.rssMiB} MiB resident, ${t.wasmMiB} MiB WASM`,
    ),
    `${gigabytes.toFixed(2)} GB in ${seconds.toFixed(1)} s: ${perSecond.toFixed(0)} samples/s, ${((gigabytes * 1000) / seconds).toFixed(0)} MB/s; from memory ${inMemory.toFixed(0)} samples/s`,
    `resident after a sixteenth ${first.rssMiB} MiB, at the end ${last.rssMiB} MiB; WASM ${first.wasmMiB} and ${last.wasmMiB} MiB`,
    `loss ${loss.toFixed(4)}, accuracy ${accuracy!.toFixed(4)}`,
  ]
  return { lines, results: [result], gigabytes, samples, seconds, loss, accuracy, inMemory, timeline }
}
