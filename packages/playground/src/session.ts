// The network that is shown, first with the weights that come with Hebb, then in training: one run at a time, with snapshots.
import { init, type Network, type Run, schedule, sgd } from 'hebb'
import { Curve } from './curve'
import { type Digits, loadDigits, PIXELS, SIDE } from './digits'
import { trained, untrained } from './lenet'
import { single } from './single'
import * as state from './state'

/** Milliseconds between two snapshots of a network in training. */
const LOOK = 250
const BATCH = 64

let digits: Digits
let net: Network<number> | undefined
let run: Run | undefined
let curve: Curve | undefined

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
  net = await trained()
  // Drawings are read while the digits to train on are still loading.
  await looks()
  digits = await loadDigits(state.samples)
  state.examples.value = digits.examples
  await look()
  state.phase.value = 'ready'
}

/** Replaces the network, and forgets the training of the last one. */
async function replace(make: () => Promise<Network<number>>, shipped: boolean): Promise<void> {
  state.phase.value = 'loading'
  const last = net
  // Wait for pending requests to the network first.
  await Promise.all([looks(), curve?.settled])
  state.progress.value = undefined
  state.trainCurve.value = []
  state.selectionCurve.value = []
  net = await make()
  curve = new Curve(net, digits)
  state.shipped.value = shipped
  await looks()
  last?.dispose()
}

/** Reads the weights, and the outputs of the layers for the shown digit. */
export const look = single(async () => {
  if (!net) return
  const { value: which } = state.chosen
  const image = which === 'drawing' ? state.drawing.value : state.examples.value[which]
  const sample = { data: image ?? new Uint8Array(PIXELS), shape: [1, SIDE, SIDE] }
  const [weights, activations] = await Promise.all([net.weights(), net.activations(sample)])
  state.filters.value = weights['conv1.weight']
  state.activations.value = activations
})

/** Classifies the drawing. */
export const read = single(async () => {
  if (!net) return
  const { value: image } = state.drawing
  state.probabilities.value = image && (await net.predict({ data: image, shape: [1, SIDE, SIDE] })).data
})

async function looks(): Promise<void> {
  await Promise.all([look(), read()])
}

/** Starts a run, with a new network if the shown one was not trained here. */
async function start(): Promise<void> {
  const { kind, epochs, learningRate } = state.settings.value
  if (state.shipped.value) await replace(() => untrained(kind), false)
  const points = curve!
  const fit = net!.fit(digits.train, {
    epochs,
    batchSize: BATCH,
    seed: 1,
    selection: digits.selection,
    optimizer: sgd({ learningRate: schedule.cosine({ from: learningRate, warmup: 0.1 }), momentum: 0.9 }),
    onEpochEnd: (report) => points.epoch(report),
  })
  state.horizon.value = points.begin(epochs)
  run = fit
  const timer = setInterval(() => {
    if (state.phase.value === 'training') guarded(looks)
  }, LOOK)
  guarded(async () => {
    for await (const progress of fit) guarded(() => points.batch(progress))
    await looks()
    state.phase.value = 'ready'
  }).finally(() => {
    clearInterval(timer)
    run = undefined
  })
}

export async function train(): Promise<void> {
  if (state.phase.value === 'paused') run?.resume()
  else await start()
  state.phase.value = 'training'
}

export function pause(): void {
  run?.pause()
  state.phase.value = 'paused'
}

/** One minibatch; starts a run if there is none. */
export async function step(): Promise<void> {
  if (!run) await start()
  if (state.phase.value !== 'paused') pause()
  await run?.step()
  await looks()
}

export function stop(): void {
  run?.stop()
}

/** Back to the weights that come with Hebb. */
export async function reset(): Promise<void> {
  if (run) {
    run.stop()
    await run
  }
  await replace(trained, true)
  state.phase.value = 'ready'
}
