// The state of the whole page.
import { signal } from '@preact/signals'
import type { EngineInfo, FitProgress, Output, Tensor } from 'hebb'
import type { Kind } from './lenet'

export type Phase = 'loading' | 'ready' | 'training' | 'paused' | 'failed'

/** A point of the curves. */
export interface Point {
  /** In epochs. */
  at: number
  loss: number
  accuracy: number
}

export interface Settings {
  kind: Kind
  epochs: number
  learningRate: number
}

const asked = new URLSearchParams(location.search)
const number = (name: string) => Number(asked.get(name)) || undefined

/** The number of images to train on, if not all. */
export const samples = number('samples')

export const phase = signal<Phase>('loading')
/** An error message for the user. */
export const problem = signal('')
export const engine = signal<EngineInfo | undefined>(undefined)
export const settings = signal<Settings>({ kind: 'tanh', epochs: number('epochs') ?? 3, learningRate: 0.04 })

/** Whether the network has the weights that come with Hebb, and not those of a training on this page. */
export const shipped = signal(true)

/** The state of the run. */
export const progress = signal<FitProgress | undefined>(undefined)
/** Images trained per second. */
export const speed = signal(0)
export const trainCurve = signal<readonly Point[]>([])
export const selectionCurve = signal<readonly Point[]>([])
/** The end of the curves' axis, in epochs. */
export const horizon = signal(settings.value.epochs)

/** The weights of the first layer, `[filters, 1, height, width]`. */
export const filters = signal<Tensor | undefined>(undefined)
/** The output of each layer for the shown digit. */
export const activations = signal<Record<string, Output> | undefined>(undefined)

/** The images to choose from, by digit. */
export const examples = signal<readonly Uint8Array[]>([])
/** Which of them is shown, or the visitor's drawing. */
export const chosen = signal<number | 'drawing'>(2)
/** The drawing as the network's input; undefined if there is none. */
export const drawing = signal<Uint8Array | undefined>(undefined)
/** The ten probabilities for the drawing. */
export const probabilities = signal<Float32Array | undefined>(undefined)
