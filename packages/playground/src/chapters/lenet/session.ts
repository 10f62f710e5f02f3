// The network that is shown, first with the weights that come with Hebb, then in training: one run at a time, with snapshots.
import { effect } from '@preact/signals'
import { type Network, type Run, schedule, sgd } from 'hebb'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { Curve } from './curve'
import { type Digits, firstOfEach, loadDigits, SIDE } from './digits'
import { judge } from './judge'
import { trained, untrained } from './lenet'
import * as paper from './paper'
import * as state from './state'

/** Milliseconds between two snapshots of a network in training. */
const LOOK = 250
const BATCH = 64
/** Slow motion: a few minibatches, and milliseconds between them. */
const SLOWLY = { batches: 2, wait: 120 }

let digits: Digits
let net: Network<number> | undefined
let run: Run | undefined
let curve: Curve | undefined
/** A network for the weights of earlier epochs. */
let past: Network<number> | undefined
let demonstration: Promise<void> | undefined
let stopDemonstration = () => {}

export async function begin(): Promise<void> {
  net = await trained()
  // Drawings are read while the digits to train on are still loading.
  effect(() => {
    void [state.image.value, state.epochShown.value]
    guarded(look)
  })
  guarded(paper.begin)
  digits = await loadDigits(state.samples.value)
  state.examples.value = await firstOfEach(digits.test)
  state.phase.value = 'ready'
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) demonstration = guarded(demonstrate)
}

/** Reads the shown digit: the weights, and the output of every layer. */
export const look = single(async () => {
  if (!net) return
  const shown = await shownNetwork(net)
  const sample = { data: state.image.value, shape: [1, SIDE, SIDE] }
  const [weights, activations] = await Promise.all([shown.weights(), shown.activations(sample)])
  state.weights.value = weights
  state.activations.value = activations
})

/** The network of now, or one with the weights of an earlier epoch. */
async function shownNetwork(now: Network<number>): Promise<Network<number>> {
  const earlier = state.kept.value[state.epochShown.value]
  if (!earlier) return now
  past ??= await untrained(state.kind.value, state.seed.value)
  await past.setWeights(earlier)
  return past
}

/** An epoch of a network that is not shown, so that there are curves to look at from the start. */
async function demonstrate(): Promise<void> {
  const pupil = await untrained(state.kind.value, state.seed.value)
  try {
    if (state.phase.value !== 'ready' || !state.shipped.value) return
    const points = new Curve(pupil, { ...digits, train: digits.some })
    state.demonstrated.value = true
    state.horizon.value = points.begin(1)
    const fit = pupil.fit(digits.some, {
      ...options(1, false),
      onEpochEnd: (report) => points.epoch(report),
    })
    stopDemonstration = () => fit.stop()
    for await (const progress of fit) await points.batch(progress)
    await Promise.all([fit, points.settled])
  } finally {
    pupil.dispose()
  }
}

/** Waits for its last point too, which must not appear among those of a training. */
async function endDemonstration(): Promise<void> {
  stopDemonstration()
  await demonstration
  if (state.demonstrated.value) clear()
  state.demonstrated.value = false
}

function clear(): void {
  state.progress.value = undefined
  state.verdict.value = undefined
  state.trainCurve.value = []
  state.selectionCurve.value = []
  state.kept.value = []
  state.epochShown.value = -1
  past?.dispose()
  past = undefined
}

/** Replaces the network, and forgets the training of the last one. */
async function replace(make: () => Promise<Network<number>>, shipped: boolean): Promise<void> {
  state.phase.value = 'loading'
  const last = net
  // Wait for pending requests to the network first.
  await Promise.all([look(), curve?.settled])
  clear()
  net = await make()
  curve = new Curve(net, digits)
  state.shipped.value = shipped
  await look()
  last?.dispose()
}

/** A step alone has the full learning rate: that of the warm-up would change nothing that can be seen. */
const options = (epochs: number, stepping: boolean) => ({
  epochs,
  batchSize: BATCH,
  seed: state.seed.value,
  selection: digits.selection,
  optimizer: sgd({
    learningRate: stepping
      ? state.learningRate.value
      : schedule.cosine({ from: state.learningRate.value, warmup: 0.1 }),
    momentum: 0.9,
  }),
})

/** Starts a run, with a new network if the shown one was not trained here. */
async function start(stepping = false): Promise<void> {
  state.phase.value = 'loading'
  await endDemonstration()
  if (state.shipped.value) await replace(() => untrained(state.kind.value, state.seed.value), false)
  const points = curve!
  const epochs = state.epochs.value
  state.verdict.value = undefined
  state.epochShown.value = -1
  const now = net!
  if (state.kept.value.length === 0) state.kept.value = [await now.weights()]
  const fit = now.fit(digits.train, {
    ...options(epochs, stepping),
    onEpochEnd: async (report) => {
      points.epoch(report)
      state.kept.value = [...state.kept.value, await now.weights()]
    },
  })
  state.horizon.value = points.begin(epochs)
  run = fit
  const began = performance.now()
  const timer = setInterval(() => {
    if (state.phase.value === 'training') guarded(look)
  }, LOOK)
  guarded(async () => {
    try {
      for await (const progress of fit) guarded(() => points.batch(progress))
      const seconds = (performance.now() - began) / 1000
      state.verdict.value = await judge(now, digits.test, seconds)
    } finally {
      clearInterval(timer)
      run = undefined
      await look()
      state.phase.value = 'ready'
    }
  })
}

export async function train(): Promise<void> {
  if (state.phase.value === 'paused' && !state.slow.value) run?.resume()
  else if (state.phase.value !== 'paused') await start()
  state.phase.value = 'training'
  if (state.slow.value) slowly()
}

/** Trains a few minibatches at a time, until something else is asked for. */
async function slowly(): Promise<void> {
  while (run && state.slow.value && state.phase.value === 'training') {
    await run.step(SLOWLY.batches)
    await look()
    await new Promise((resolve) => setTimeout(resolve, SLOWLY.wait))
  }
  if (state.phase.value === 'training') run?.resume()
}

export function pause(): void {
  run?.pause()
  state.phase.value = 'paused'
}

/** One minibatch; starts a run if there is none. */
export async function step(): Promise<void> {
  if (!run) await start(true)
  if (state.phase.value !== 'paused') pause()
  await run?.step()
  await look()
}

export function stop(): void {
  run?.stop()
}

/** Back to the weights that come with Hebb. */
export async function reset(): Promise<void> {
  await endDemonstration()
  if (run) {
    run.stop()
    await run
  }
  await replace(trained, true)
  state.phase.value = 'ready'
}

/** The network as a file, which `loadNetwork` reads. */
export const bytes = () => net!.toBytes()
