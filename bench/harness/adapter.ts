// What an engine is to the benchmark: something that prepares work, and then does it over and over.
import type { Work } from './work.ts'

export interface Adapter {
  version: string
  /** Gets everything ready; throws {@link Cannot} where the engine has no such thing. */
  prepare(work: Work): Promise<Prepared>
}

export interface Prepared {
  /** What the work results in, by which engines are compared; null where that can't be. */
  check: readonly number[] | null
  /** Does it once, or a number of times at a stretch. */
  step(): unknown
  /** How much one call of `step` does: products, convolutions, samples. */
  amount: number
  /** Frees what garbage collection doesn't. */
  dispose?(): void
}

/** An engine has no such thing, for a reason. */
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

/** An engine that takes jobs. What it prepared last it keeps. */
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
