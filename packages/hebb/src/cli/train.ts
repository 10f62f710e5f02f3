import { InvalidArgumentError } from 'commander'
import {
  type Dataset,
  datasets,
  dense,
  type History,
  type Layer,
  type Network,
  network,
  standardize,
} from 'hebb'
import { type Data, type DataOptions, openData } from './data'
import { fitted } from './layers'
import { checkPlace, saveModel } from './model'
import { MAKERS, type OptimizerName } from './optimizers'
import { type Report, rows } from './report'

/** Signals that follow each other within this time are one Ctrl-C. */
const REPEATED_MS = 500

export interface TrainOptions extends DataOptions {
  out: string
  network: 'mlp' | 'lenet5'
  hidden?: number[]
  layers?: Layer[]
  epochs: number
  batch?: number
  optimizer: OptimizerName
  learningRate?: number
  selection?: number
  patience?: number
  seed: number
}

/** Trains a network on data, and saves it. */
export async function train(path: string, options: TrainOptions): Promise<Report> {
  const { out, seed, selection: share, patience } = options
  if (patience && !share)
    throw new InvalidArgumentError('--patience needs --selection, whose loss it watches')
  checkPlace(out)
  const data = await openData(path, options, { targets: true })
  const parts = share ? await data.dataset.split({ selection: share, seed }) : { train: data.dataset }
  const net = await build(data, parts.train, options)
  const history = await fit(net, parts, options)
  await saveModel({ net, reading: data.reading }, out)
  const last = history.epochs.at(-1)
  const samples = parts.train.samples
  const selection = 'selection' in parts ? parts.selection?.samples : undefined
  return {
    json: { out, parameters: net.parameters, samples, selectionSamples: selection, ...history },
    text: rows({
      network: `${net.parameters} parameters`,
      samples: selection === undefined ? samples : `${samples}, and ${selection} for selection`,
      end: `after ${history.epochs.length} epochs: ${history.stopReason === 'stopped' ? 'stopped' : history.explanation}`,
      loss: last?.loss,
      accuracy: last?.accuracy,
      'selection loss': last?.selectionLoss,
      'selection accuracy': last?.selectionAccuracy,
      warning: history.warning,
      saved: out,
    }),
  }
}

/** The network that is asked for, for this data: inputs are scaled by a first layer, values by a last one. */
async function build(data: Data, samples: Dataset, options: TrainOptions): Promise<Network> {
  const { seed, hidden, layers } = options
  if (options.network === 'lenet5') {
    if (hidden) throw new InvalidArgumentError('--hidden is for mlp: lenet5 has its own layers')
    return (await import('hebb/zoo')).lenet5({ seed })
  }
  const { classes, outputs } = data
  const units = (hidden ?? [32]).map((units) => dense({ units, activation: 'relu' }))
  const last = classes
    ? [dense({ units: outputs, activation: 'softmax' })]
    : [
        dense({ units: outputs }),
        standardize({ ...(await datasets.scaling.standard(samples, { targets: true })), invert: true }),
      ]
  return network(
    samples.shape as [number],
    [
      standardize(await datasets.scaling.standard(samples)),
      ...fitted([...(layers ?? units), ...last], samples.shape),
    ],
    { seed, classes },
  )
}

/** Trains with progress on stderr. The first Ctrl-C ends the training, a second one the program. */
async function fit(
  net: Network,
  { train, selection }: { train: Dataset; selection?: Dataset | undefined },
  { epochs, batch, optimizer, learningRate, patience, seed }: TrainOptions,
): Promise<History> {
  const make = MAKERS[optimizer] as (options: {
    learningRate?: number
  }) => ReturnType<(typeof MAKERS)['adam']>
  const run = net.fit(train, {
    epochs,
    seed,
    progress: true,
    ...(learningRate === undefined ? { optimizer } : { optimizer: make({ learningRate }) }),
    ...(batch && { batchSize: batch }),
    ...(selection && { selection }),
    ...(patience && { patience }),
  })
  let since: number | undefined
  const stop = () => {
    if (since !== undefined) {
      // npx passes on the signal that the terminal has sent to both.
      if (performance.now() - since > REPEATED_MS) process.exit(128 + 2)
      return
    }
    since = performance.now()
    process.stderr.write('\nstopping; what is learnt will be saved\n')
    run.stop()
  }
  process.on('SIGINT', stop)
  try {
    return await run
  } finally {
    process.removeListener('SIGINT', stop)
  }
}
