// The table at the head of the README: the most important results, each engine in its fastest variant.
import type { Competitor } from '../harness/engines.ts'
import { latest, type Machine, measuredOn, type Results } from '../harness/results.ts'
import { median } from '../harness/statistics.ts'
import { SUITES } from '../suites/index.ts'
import { figure, inUnits, markdown } from './text.ts'

const COLUMNS: Record<string, Competitor[]> = {
  'Hebb in Node': ['hebb-node-relaxed 2'],
  'Hebb in Chromium': ['hebb-chromium 2'],
  'PyTorch, native': ['pytorch 2'],
  'ONNX Runtime, native': ['ort-node 2'],
  'ONNX Runtime Web': ['ort-web-node 2', 'ort-web-chromium 2'],
  'TensorFlow.js wasm': ['tfjs-wasm-node 1', 'tfjs-wasm-chromium 2'],
}

const ROWS: [label: string, suite: string, name: string][] = [
  ['train LeNet-5, batches of 64, images/s', 'lenet', 'train b64'],
  ['predict with LeNet-5, batches of 64, images/s', 'lenet', 'infer b64'],
  ['predict with LeNet-5, one image, images/s', 'lenet', 'infer b1 here'],
  ['train AlexNet, batches of 16, images/s', 'alexnet', 'train b16'],
  ['predict with AlexNet, one image, images/s', 'alexnet', 'infer b1'],
  ['train an LSTM of 128 units, 64 time steps, batches of 32, sequences/s', 'rnn', 'train lstm 32-128'],
  ['train 784-512-256-10, batches of 128, samples/s', 'mlp', 'train b128'],
  ['multiply matrices 512×512, GFLOP/s', 'gemm', '512x512x512'],
]

export const BEGIN = '<!-- headline: written by npm run bench -- --save -->'
export const END = '<!-- /headline -->'

/** The block with its markers, from the results of the suites. */
export function headline(read: (suite: string) => Results | undefined): string {
  const found = ROWS.flatMap(([label, suite, name]) => {
    const results = read(suite)
    const runs = results?.cases[name]
    return runs
      ? [{ label, results, rates: latest(runs), one: SUITES[suite]!.cases.find((c) => c.name === name)! }]
      : []
  })
  const rows = found.map(({ label, rates, one }) => {
    const cells = Object.values(COLUMNS).map((names) => {
      const best = names.flatMap((name) => (rates[name] ? [median(inUnits(one, rates[name]))] : []))
      return best.length > 0 ? figure(Math.max(...best)) : '–'
    })
    return [label, ...cells]
  })
  const [last] = found.map(({ results }) => results).sort((a, b) => (measuredOn(a) < measuredOn(b) ? 1 : -1))
  if (!last) return `${BEGIN}\n\n${END}`
  const table = markdown([['', ...Object.keys(COLUMNS)], ...rows])
  return [BEGIN, table, caption(last.machine, measuredOn(last)), END].join('\n\n')
}

function caption({ cpu, cores, node }: Machine, date: string): string {
  const where = `${cpu}, ${cores} cores, with two threads where they can, Node ${node.slice(1)}, ${date}`
  return `Engines took turns on ${where}. – means that it can't; of Node and Chromium the faster counts. All of it is in [bench/results](bench/results/README.md).`
}

/** A README with the block inserted at its markers. */
export function withHeadline(readme: string, block: string): string {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`the README has no ${BEGIN} … ${END}`)
  return readme.slice(0, from) + block + readme.slice(to + END.length)
}
