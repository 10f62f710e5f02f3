// What training and evaluation need from a network. They cannot import its class, because the class imports them.
import type { Dataset } from '../data/dataset'
import type { Expected } from '../data/streams/sample'
import type { Engine } from '../engine/engine'
import type { Description } from '../engine/protocol'
import type { LossOption, Regularization } from '../losses'

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
  /** Measures loss and accuracy over the selection samples. */
  evaluate(
    data: Dataset,
    options: { loss?: LossOption; regularization?: Regularization },
  ): Promise<{ loss: number; accuracy: number | undefined; exactMatch?: number }>
  /** For checkpoints. */
  toBytes(): Promise<Uint8Array<ArrayBuffer>>
  save(path: string | URL): Promise<void>
  /** Records the optimizer and the number of its steps that the network now remembers. */
  remember(type: string, steps: number | undefined): void
}
