// The training: one network, one run of it at a time, and looks into it while it learns.
import { init, type Network, type Run, schedule, sgd } from 'hebb'
import { Curve } from './curve'
import { type Digits, loadDigits, PIXELS, SIDE } from './digits'
import { lenet } from './lenet'
import { single } from './single'
import * as state from './state'

/** Milliseconds between two looks into a network that learns. */
const LOOK = 250
const BATCH = 64

let digits: Digits
let net: Network<number>
let run: Run | undefined
let curve: Curve

/** Shows what goes wrong: an engine that is lost takes the network with it, so there is no going on. */
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

/** Reads the weights, and what the layers make of the shown digit. */
export const look = single(async () => {
  const { value: which } = state.chosen
  const image = which === 'drawing' ? state.drawing.value : digits.examples[which]
  const sample = { data: image ?? new Uint8Array(PIXELS), shape: [1, SIDE, SIDE] }
  const [weights, activations] = await Promise.all([net.weights(), net.activations(sample)])
  state.filters.value = weights['conv1.weight']
  state.activations.value = activations
})

/** Reads the drawing. */
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

/** One minibatch; from the start if nothing runs yet. */
export async function step(): Promise<void> {
  if (!run) start()
  if (state.phase.value !== 'paused') pause()
  await run?.step()
  await looks()
}

export function stop(): void {
  run?.stop()
}

/** Forgets what was learnt, and takes the settings. */
export async function reset(): Promise<void> {
  const last = net
  if (run) {
    run.stop()
    await run
  }
  // What still asks the network ends first.
  await Promise.all([looks(), curve.settled])
  state.phase.value = 'loading'
  state.progress.value = undefined
  state.trainCurve.value = []
  state.selectionCurve.value = []
  await begin()
  last.dispose()
}
