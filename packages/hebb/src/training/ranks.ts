// What a training needs of `hebb/distributed`. This file exports types only.

import type { Bytes } from '../tensor'
import type { Feed } from './feed'
import type { FitOptions } from './options'
import type { Trainable } from './trainable'

/** The processes that share a training: what {@link distributed} of `hebb/distributed` gives. */
export interface Ranks {
  /** The number of this process, from 0. */
  readonly rank: number
  /** How many there are. */
  readonly size: number
  /** @internal The options of this rank: what one process does for all, only rank 0 does. */
  optionsOf(options: FitOptions): FitOptions
  /** @internal The feed that shares each minibatch of another one. */
  join(network: Trainable, feed: Feed, options: FitOptions): Promise<Feed>
  /** @internal What rank 0 reads; undefined if there is nothing. */
  fromFirst(read: () => Promise<Bytes | undefined>): Promise<Bytes | undefined>
}
