// What a chapter gives to its page.
import type { ReadonlySignal } from '@preact/signals'
import type { ComponentType } from 'preact'

export interface Chapter {
  /** The idea, in a few lines. */
  Idea: ComponentType
  /** The formulas, compiled from a `.tex` file. */
  formula: string
  /** What the formula says of the model as it is shown. */
  Values?: ComponentType
  /** The live model; it also stands alone, embedded in another page. */
  Figure: ComponentType
  /** What belongs to the chapter besides, under its figure. */
  More?: ComponentType
  /** The program that computes what is shown. */
  program: ReadonlySignal<string>
  /** Shows what the reader's program exports. Throws with a sentence if it cannot be shown. */
  take?: (exports: Record<string, unknown>) => void | Promise<void>
  breaks: readonly Break[]
  exercise: Exercise
  data?: OwnData
}

/** A mistake that is often made, to be made here on purpose. */
export interface Break {
  name: string
  /** Makes the mistake by changing remembered state, which "Mend it" puts back. */
  act: () => void | Promise<void>
  /** How to see that it is made, and what to do. */
  Why: ComponentType
}

export interface Exercise {
  Task: ComponentType
  /** Whether it is solved, and how far it is. */
  verdict: ReadonlySignal<{ solved: boolean; text: string }>
}

/** The reader's own data, in and out; or only the numbers of the figure, out. */
export interface OwnData {
  hint: string
  /** File types, as in `<input accept>`. */
  accept?: string
  load?: (file: File) => Promise<void>
  /** Shows a picture of the reader's camera. */
  film?: (frame: ImageBitmap) => void
  save?: { name: string; content: () => BlobPart | Promise<BlobPart> }
}
