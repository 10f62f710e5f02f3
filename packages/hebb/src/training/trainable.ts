// What training and evaluation need from a network. They cannot import its class, because the class imports them.
import type { Expected } from '../data/streams/sample'
import type { Engine } from '../engine/engine'
import type { Description } from '../engine/protocol'
import type { SavedState } from '../interop/optimizerState'
import type { FileParts } from '../interop/writeSafetensors'
import type { Bytes, Floats } from '../tensor'

/** What evaluation needs from a network. */
export interface Evaluable {
  readonly engine: Engine
  /** Its number in the engine. */
  readonly id: number
  readonly description: Description
  readonly outputs: Description['outputs']
  /** The expected shapes of the samples of a stream. */
  readonly expects: Expected
}

/** What training needs from a network. */
export interface Trainable extends Evaluable {
  /** For checkpoints. */
  toBytes(): Promise<Bytes>
  save(path: string | URL): Promise<void>
  readonly spec: object
  /** The bytes of a safetensors file with the optimizer's state and more; that metadata comes first. */
  fileWith(more: FileParts): Promise<Bytes>
  /** Takes the weights and the optimizer's state of a file. */
  adopt(weights: Record<string, Floats>, state?: SavedState): Promise<void>
  /** Records the optimizer and the number of its steps that the network now remembers. */
  remember(type: string, steps: number | undefined): void
}
