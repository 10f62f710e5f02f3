// The training: one network, one run at a time, and snapshots of the network during training.
import { init, type Network, type Run, schedule, sgd } from 'hebb'
import { Curve } from './curve'
import { type Digits, loadDigits, PIXELS, SIDE } from './digits'
import { lenet } from './lenet'
import { single } from './single'
import * as state from './state'

/** Milliseconds between two snapshots of a network in training. */
const LOOK = 250
const BATCH = 64

let digits: Digits
let net: Network<number>
let run: Run | undefined
let curve: Curve

/** Shows an error: a lost engine loses the network too, so the page cannot continue. */
export async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    state.problem.value = error instanceof Error ? error.message : String(error)
    state.phase.value = 'failed'
  }
}

export async function load(): Promise<void> {
  state.engine.value = await init()
  digits = await loadDigits(state.samples)
  state.examples.value = digits.examples
  await begin()
}

async function begin(): Promise<void> {
  net = await lenet(state.settings.value.kind)
  curve = new Curve(net, digits)
  state.horizon.value = state.settings.value.epochs
  await looks()
  state.phase.value = 'ready'
}

/** Reads the weights, and the outputs of the layers for the shown digit. */
export const look = single(async () => {
  const { value: which } = state.chosen
  const image = which === 'drawing' ? state.drawing.value : digits.examples[which]
  const sample = { data: image ?? new Uint8Array(PIXELS), shape: [1, SIDE, SIDE] }
  const [weights, activations] = await Promise.all([net.weights(), net.activations(sample)])
  state.filters.value = weights['conv1.weight']
  state.activations.value = activations
})

/** Classifies the drawing. */
export const read = single(async () => {
  const { value: image } = state.drawing
  state.probabilities.value = image && (await net.predict({ data: image, shape: [1, SIDE, SIDE] })).data
})

async function looks(): Promise<void> {
  await Promise.all([look(), read()])
}

function start(): void {
  const { epochs, learningRate } = state.settings.value
  const fit = net.fit(digits.train, {
    epochs,
    batchSize: BATCH,
    seed: 1,
    selection: digits.selection,
    optimizer: sgd({ learningRate: schedule.cosine({ from: learningRate, warmup: 0.1 }), momentum: 0.9 }),
    onEpochEnd: (report) => curve.epoch(report),
  })
  state.horizon.value = curve.begin(epochs)
  run = fit
  const timer = setInterval(() => {
    if (state.phase.value === 'training') guarded(looks)
  }, LOOK)
  guarded(async () => {
    for await (const progress of fit) guarded(() => curve.batch(progress))
    await looks()
    state.phase.value = 'ready'
  }).finally(() => {
    clearInterval(timer)
    run = undefined
  })
}

export function train(): void {
  if (state.phase.value === 'paused') run?.resume()
  else start()
  state.phase.value = 'training'
}

export function pause(): void {
  run?.pause()
  state.phase.value = 'paused'
}

/** One minibatch; starts a run if there is none. */
export async function step(): Promise<void> {
  if (!run) start()
  if (state.phase.value !== 'paused') pause()
  await run?.step()
  await looks()
}

export function stop(): void {
  run?.stop()
}

/** Discards the trained weights, and applies the settings. */
export async function reset(): Promise<void> {
  const last = net
  if (run) {
    run.stop()
    await run
  }
  // Wait for pending requests to the network first.
  await Promise.all([looks(), curve.settled])
  state.phase.value = 'loading'
  state.progress.value = undefined
  state.trainCurve.value = []
  state.selectionCurve.value = []
  await begin()
  last.dispose()
}
