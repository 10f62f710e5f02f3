// Everything that the page shows.
import { signal } from '@preact/signals'
import type { EngineInfo, FitProgress, Output, Tensor } from 'hebb'
import type { Kind } from './lenet'

export type Phase = 'loading' | 'ready' | 'training' | 'paused' | 'failed'

/** A place on the curves. */
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

/** On how many images to train, if not on all. */
export const samples = number('samples')

export const phase = signal<Phase>('loading')
/** What went wrong, for people. */
export const problem = signal('')
export const engine = signal<EngineInfo | undefined>(undefined)
export const settings = signal<Settings>({ kind: 'tanh', epochs: number('epochs') ?? 3, learningRate: 0.04 })

/** Where the run stands. */
export const progress = signal<FitProgress | undefined>(undefined)
/** Images trained a second. */
export const speed = signal(0)
export const trainCurve = signal<readonly Point[]>([])
export const selectionCurve = signal<readonly Point[]>([])
/** Where the curves' axis ends, in epochs. */
export const horizon = signal(settings.value.epochs)

/** The weights of the first layer, `[filters, 1, height, width]`. */
export const filters = signal<Tensor | undefined>(undefined)
/** What each layer makes of the shown digit. */
export const activations = signal<Record<string, Output> | undefined>(undefined)

/** The images to choose from, by digit. */
export const examples = signal<readonly Uint8Array[]>([])
/** Which of them is shown, or the visitor's drawing. */
export const chosen = signal<number | 'drawing'>(2)
/** The drawing as the network gets it; undefined while there is none. */
export const drawing = signal<Uint8Array | undefined>(undefined)
/** The ten probabilities for the drawing. */
export const probabilities = signal<Float32Array | undefined>(undefined)
