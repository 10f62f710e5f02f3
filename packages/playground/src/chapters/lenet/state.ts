// The state of the whole page.
import { computed, signal } from '@preact/signals'
import type { FitProgress, Output, Tensor } from 'hebb'
import { numeric, oneOf, remembered } from '../../page/url'
import { imageOf } from './ink'
import { KINDS, type Kind } from './lenet'
import { ghost, type Stroke, strokesCodec } from './strokes'

export type Phase = 'loading' | 'ready' | 'training' | 'paused'

/** A point of the curves. */
export interface Point {
  /** In epochs. */
  at: number
  loss: number
  accuracy: number
}

/** The number of images to train on; 0 for all. */
export const samples = remembered('samples', 0, numeric(0, 58_000, true))
export const kind = remembered<Kind>('kind', 'tanh', oneOf(Object.keys(KINDS) as Kind[]))
export const epochs = remembered('epochs', 3, numeric(1, 100, true))
export const learningRate = remembered('rate', 0.04, numeric(0, 10))
export const seed = remembered('seed', 1, numeric(0, 999_999, true))
/** A few minibatches at a time, so that one can follow. */
export const slow = signal(false)

export const phase = signal<Phase>('loading')
/** Whether the network has the weights that come with Hebb, and not those of a training on this page. */
export const shipped = signal(true)
/** Whether the curves are those of the demonstration. */
export const demonstrated = signal(false)

/** The state of the run. */
export const progress = signal<FitProgress | undefined>(undefined)
export const trainCurve = signal<readonly Point[]>([])
export const selectionCurve = signal<readonly Point[]>([])
/** The end of the curves' axis, in epochs. */
export const horizon = signal(epochs.value)

/** The weights before the training and after each of its epochs, and which are shown; −1 for those of now. */
export const kept = signal<readonly Record<string, Tensor>[]>([])
export const epochShown = signal(-1)
export const lastEpoch = computed(() => Math.max(0, kept.value.length - 1))
export const shownEpoch = computed(() => (epochShown.value < 0 ? lastEpoch.value : epochShown.value))

/** What the trained network makes of the test digits. */
export interface Verdict {
  accuracy: number
  samples: number
  seconds: number
  /** `confusion[digit][answer]`: how many. */
  confusion: readonly (readonly number[])[]
  /** Some of the digits that it gets wrong. */
  mistakes: readonly { image: Uint8Array; digit: number; answer: number }[]
}
export const verdict = signal<Verdict | undefined>(undefined)

/** The weights of the network, by name. */
export const weights = signal<Record<string, Tensor> | undefined>(undefined)
/** The output of each layer for the shown digit. */
export const activations = signal<Record<string, Output> | undefined>(undefined)
export const probabilities = computed(() => activations.value?.dense3?.data)

/** The images to choose from, by digit. */
export const examples = signal<readonly Uint8Array[]>([])
export const strokes = remembered<readonly Stroke[]>('drawing', [], strokesCodec)
/** The image that the network reads instead of the drawing: a test digit, a file, or what a program exports. */
export const chosen = signal<Uint8Array | undefined>(undefined)
/** Whether nothing is drawn or chosen yet, so that the network reads the digit to trace. */
export const tracing = computed(() => strokes.value.length === 0 && !chosen.value)
/** Whether drawings are centred and scaled as the training digits were. */
export const centred = remembered('centred', 'yes', oneOf(['yes', 'no']))
/** Whether black and white are exchanged, as in a photograph of ink on paper. */
export const inverted = remembered('inverted', 'no', oneOf(['yes', 'no']))

/** What the network reads, 28 × 28 bytes. */
export const image = computed(() => {
  const drawn = tracing.value ? ghost : strokes.value
  const made = chosen.value ?? imageOf(drawn, centred.value === 'yes')
  return inverted.value === 'yes' ? made.map((value) => 255 - value) : made
})
