// The benchmark's interface to an engine: it prepares work, then repeats it.
import type { Work } from './work.ts'

export interface Adapter {
  version: string
  /** Prepares the work; throws {@link Cannot} if the engine does not support it. */
  prepare(work: Work): Promise<Prepared>
}

export interface Prepared {
  /** Values of the result, to compare engines; null if that is impossible. */
  check: readonly number[] | null
  /** Does the work once, or several times in one call. */
  step(): unknown
  /** The amount of work per call of `step`: products, convolutions, samples. */
  amount: number
  /** Frees what garbage collection doesn't. */
  dispose?(): void
}

/** The engine does not support the work; the message is the reason. */
export class Cannot extends Error {}

export interface Job {
  work: Work
  /** How long to work; at least one step is done. */
  seconds: number
}

export type Answer =
  | { perSecond: number; check: readonly number[] | null }
  | { cannot: string }
  | { error: string }

/** An engine that answers jobs. It keeps the last prepared work. */
export function answering(adapter: Adapter): (job: Job) => Promise<Answer> {
  let [last, prepared] = ['', undefined as Prepared | undefined]
  return async ({ work, seconds }) => {
    try {
      const key = JSON.stringify(work)
      if (key !== last) {
        prepared?.dispose?.()
        prepared = undefined
        prepared = await adapter.prepare(work)
        last = key
      }
      const { step, amount, check } = prepared!
      const start = performance.now()
      let [done, elapsed] = [0, 0]
      do {
        await step()
        done += amount
        elapsed = (performance.now() - start) / 1000
      } while (elapsed < seconds)
      return { perSecond: done / elapsed, check }
    } catch (error) {
      last = ''
      if (error instanceof Cannot) return { cannot: error.message }
      return { error: error instanceof Error ? error.message : String(error) }
    }
  }
}
