// A custom activation compared with the built-in one: swish by `elementwise` and `silu`, alternately, in a network that does
// little else.
import {
  activation,
  datasets,
  dense,
  elementwise,
  flatten,
  init,
  network,
  sgd,
  shutdown,
  sigmoid,
} from 'hebb'
import type { Row } from '../harness/results.ts'
import { quantile } from '../harness/statistics.ts'
import type { OwnSuite } from './suite.ts'

const SAMPLES = 2048

export const activations: OwnSuite = async ({ threads, quick }) => {
  const { simd } = await init({ threads })
  const engine = simd === 'relaxed' ? 'hebb-node-relaxed' : 'hebb-node'
  const kinds = { silu: 'silu', 'swish by hand': elementwise((x) => x.times(sigmoid(x))) } as const
  const data = await datasets.fromArrays(
    { data: Float32Array.from({ length: SAMPLES * 256 }, (_, i) => Math.sin(i)), shape: [SAMPLES, 256] },
    Uint8Array.from({ length: SAMPLES }, (_, i) => i % 2),
  )
  const times = new Map<string, number[]>(Object.keys(kinds).map((name) => [name, []]))
  const nets = await Promise.all(
    Object.entries(kinds).map(async ([name, kind]) => {
      const row = Array.from({ length: 8 }, () => activation(kind))
      const layers = [dense({ units: 256, activation: kind }), ...row, flatten(), dense({ units: 2 })]
      return [name, await network([256], layers, { seed: 1 })] as const
    }),
  )
  for (let round = quick ? 10 : 5; round <= 20; round++) {
    for (const [name, net] of nets) {
      const from = performance.now()
      await net.fit(data, {
        epochs: 3,
        batchSize: 128,
        loss: 'crossEntropy',
        optimizer: sgd({ learningRate: 1e-4 }),
      })
      times.get(name)!.push(performance.now() - from)
    }
  }
  await shutdown()
  const results: Row[] = [...times].map(([name, list]) => ({
    suite: 'activation',
    case: name,
    engine,
    threads,
    medianMs: quantile(list, 0.5),
    minMs: quantile(list, 0),
    maxMs: quantile(list, 1),
    perSecond: (1000 * 3 * SAMPLES) / quantile(list, 0.5),
  }))
  const [built, own] = [...times.values()] as [number[], number[]]
  const pairs = built.map((time, round) => time / own[round]!)
  const [median, p10, p90] = [0.5, 0.1, 0.9].map((q) => quantile(pairs, q)) as [number, number, number]
  const lines = [
    ...results.map((r) => `${r.case.padEnd(14)} ${r.perSecond!.toFixed(0)} samples/s`),
    `by hand / built-in: ${median.toFixed(2)} (10–90 %: ${p10.toFixed(2)}–${p90.toFixed(2)})`,
  ]
  const ratios = [{ engine: 'swish by hand', to: 'silu', median, p10, p90 }]
  return { lines, results, ratios }
}
