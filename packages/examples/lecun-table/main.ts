// Figure 9 of LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition" (1998),
// repeated: the same kinds of models on the same digits. Model and epoch are selected on 5,000 training images set
// aside; the test images are used once per row.
import { parseArgs } from 'node:util'
import {
  adam,
  datasets,
  dense,
  flatten,
  type Layer,
  network,
  type Optimizer,
  schedule,
  sgd,
  standardize,
} from 'hebb'
import { lenetRow } from './lenet.ts'
import { nystromRow } from './nystrom.ts'
import { rbfRow } from './rbf.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    images: { type: 'string', default: '55000' },
    epochs: { type: 'string', default: '20' },
    centers: { type: 'string', default: '8000' },
    seed: { type: 'string', default: '1' },
  },
})
const seed = Number(values.seed)
const epochs = Number(values.epochs)
const say = (text: string) => process.stderr.write(`${text}\n`)
const percent = (part: number) => `${(100 * part).toFixed(2)} %`

/** How to make a row: the layers after the pixels, and the training. */
interface Candidate {
  note: string
  layers: () => Layer[]
  optimizer: Optimizer
  batchSize: number
}

const classes = () => dense({ units: 10, activation: 'softmax' })
const hidden = (activation: 'tanh' | 'relu') => [dense({ units: 300, activation }), classes()]
const falling = (from: number) => schedule.cosine({ from })
const ROWS: { name: string; published: number; candidates: Candidate[] }[] = [
  {
    name: 'linear classifier',
    published: 0.12,
    candidates: [
      {
        note: 'Adam, 0.001',
        layers: () => [classes()],
        optimizer: adam({ learningRate: falling(0.001) }),
        batchSize: 128,
      },
      {
        note: 'SGD, 0.02',
        layers: () => [classes()],
        optimizer: sgd({ learningRate: falling(0.02) }),
        batchSize: 128,
      },
    ],
  },
  {
    name: '784-300-10 multilayer perceptron',
    published: 0.047,
    candidates: [
      {
        note: 'tanh, SGD 0.05',
        layers: () => hidden('tanh'),
        optimizer: sgd({ learningRate: falling(0.05), momentum: 0.9 }),
        batchSize: 64,
      },
      {
        note: 'ReLU, Adam 0.001',
        layers: () => hidden('relu'),
        optimizer: adam({ learningRate: falling(0.001) }),
        batchSize: 64,
      },
    ],
  },
]

const { train: all, selection, test } = await datasets.mnist({ selection: 5000, seed })
const images = Number(values.images)
const train = images < all.samples ? await all.subset(Array.from({ length: images }, (_, i) => i)) : all

/** Trains a candidate, and returns its network with the weights of its best epoch. */
async function trained({ layers, optimizer, batchSize }: Candidate) {
  const start = [standardize({ mean: 0.1307, deviation: 0.3081 }), flatten()]
  const net = await network([1, 28, 28], [...start, ...layers()], { seed })
  // Patience equals the number of epochs: training never stops early, and ends with the best weights.
  const { bestEpoch } = await net.fit(train, {
    epochs,
    batchSize,
    seed,
    optimizer,
    selection: selection!,
    patience: epochs,
    progress: true,
  })
  return { net, bestEpoch: bestEpoch!, error: 1 - (await net.evaluate(selection!)).accuracy! }
}

/** A row of the table; `epoch` is that of the best weights. */
interface Row {
  name: string
  error: number
  published: number | null
  selectionError: number
  parameters: number
  chosen: string
  epoch: number | undefined
}

const rows: Row[] = []
for (const { name, published, candidates } of ROWS) {
  let best: ({ note: string } & Awaited<ReturnType<typeof trained>>) | undefined
  for (const candidate of candidates) {
    const one = await trained(candidate)
    say(
      `${name}, ${candidate.note}: ${percent(one.error)} of the selection wrong after epoch ${one.bestEpoch}`,
    )
    if (!best || one.error < best.error) {
      best?.net.dispose()
      best = { note: candidate.note, ...one }
    } else one.net.dispose()
  }
  const { net, note, bestEpoch, error: selectionError } = best!
  const error = 1 - (await net.evaluate(test)).accuracy!
  rows.push({
    name,
    error,
    published,
    selectionError,
    parameters: net.parameters,
    chosen: note,
    epoch: bestEpoch,
  })
  net.dispose()
}
rows.push(await rbfRow(train, selection!, test, seed))
rows.push(await lenetRow({ train, selection: selection!, test }, epochs, seed, say))

const centers = Math.min(Number(values.centers), Math.floor(train.samples / 4))
rows.push(await nystromRow({ train, selection: selection!, test }, centers, seed, say))

if (values.json) console.log(JSON.stringify({ rows, images: train.samples, seed }))
else {
  console.log(`${'test error of'.padEnd(36)}here      1998      chosen on 5,000 training images`)
  for (const { name, error, published, chosen, epoch } of rows) {
    console.log(
      `${name.padEnd(36)}${percent(error).padEnd(10)}${(published === null ? '–' : percent(published)).padEnd(10)}${chosen}${epoch === undefined ? '' : `, epoch ${epoch}`}`,
    )
  }
}
