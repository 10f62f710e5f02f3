// What the buttons do to a training under way.
import type { Run } from 'hebb'

export interface Controlled extends Run {
  /** Holds the training after the running step. */
  pause(): void
  /** Lets a paused training go on. */
  resume(): void
  /** Trains `n` more minibatches of a paused training. */
  step(n?: number): Promise<void>
}

export function controlled(run: Run): Controlled {
  return run as Controlled
}
