// What training and evaluation need of a network, whose class imports them.
import type { Dataset } from '../data/dataset'
import type { Expected } from '../data/streams/sample'
import type { Engine } from '../engine/engine'
import type { Description } from '../engine/protocol'
import type { LossOption, Regularization } from '../losses'

/** What evaluation needs of a network. */
export interface Evaluable {
  readonly engine: Engine
  /** Its number in the engine. */
  readonly id: number
  readonly description: Description
  readonly outputs: Description['outputs']
  /** What the samples of a stream must be like. */
  readonly expects: Expected
}

/** What training needs of a network. */
export interface Trainable extends Evaluable {
  /** Loss and accuracy over the selection samples. */
  evaluate(
    data: Dataset,
    options: { loss?: LossOption; regularization?: Regularization },
  ): Promise<{ loss: number; accuracy: number | undefined; exactMatch?: number }>
  /** For checkpoints. */
  toBytes(): Promise<Uint8Array<ArrayBuffer>>
  save(path: string | URL): Promise<void>
  /** The optimizer whose steps it now has, and how many. */
  remember(type: string, steps: number | undefined): void
}
