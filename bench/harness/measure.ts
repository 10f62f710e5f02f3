// Measuring: everybody prepares and shows a result, then all take turns, round by round, so that a drift of the
// machine hits all of them alike.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from './child.ts'
import type { Competitor } from './engines.ts'
import { agree } from './statistics.ts'
import type { Work } from './work.ts'

/** Between two turns: threads that spin for more work have given up by then. */
const PAUSE = 10

/** Those whose turn takes so many times its time get three. */
const SLOW = 4

export interface Pace {
  rounds: number
  /** Of a turn. */
  seconds: number
  /** Before the first: WebAssembly is slow until it is tiered up. */
  warmUp: number
}

export interface Measured {
  /** How much a second in each round. */
  rates: Record<Competitor, number[]>
  /** Who did not take part, and why. */
  missing: Record<Competitor, string>
}

/** Measures all that can do the work and agree on its result with the first of them. */
export async function measure(
  work: Work,
  engines: ReadonlyMap<Competitor, Engine>,
  pace: Pace,
  progress: (text: string) => void = () => {},
): Promise<Measured> {
  const { rates, missing }: Measured = { rates: {}, missing: {} }
  const slow = new Set<Competitor>()
  let reference: { name: Competitor; check: readonly number[] } | undefined
  for (const [name, engine] of engines) {
    progress(`warming up ${name}`)
    try {
      // The first turn shows what one step takes; whoever needs seconds for it is warm.
      const first = await timed(() => engine.ask({ work, seconds: 0 }))
      if ('cannot' in first.value) throw new Error(first.value.cannot)
      if ('error' in first.value) throw new Error(first.value.error)
      // What has nothing to show says nothing.
      const check = first.value.check?.length ? first.value.check : undefined
      if (check && !check.every(Number.isFinite)) throw new Error(`its result is not finite: ${check[0]}, …`)
      if (check && reference && !agree(reference.check, check)) {
        const [is, should] = [check, reference.check].map((list) => list.slice(0, 3).join(', '))
        throw new Error(`its result differs: ${is}, …, where ${reference.name} has ${should}, …`)
      }
      if (check) reference ??= { name, check }
      const warm = await timed(() => engine.ask({ work, seconds: pace.warmUp }))
      if (warm.seconds > SLOW * (pace.warmUp + pace.seconds)) slow.add(name)
      rates[name] = []
    } catch (error) {
      missing[name] = (error as Error).message
    }
  }
  for (let round = 0; round < pace.rounds; round++) {
    progress(`round ${round + 1} of ${pace.rounds}`)
    for (const name of Object.keys(rates)) {
      if (slow.has(name) && round >= 3) continue
      await sleep(PAUSE)
      const answer = await engines.get(name)!.ask({ work, seconds: pace.seconds })
      if (!('perSecond' in answer)) throw new Error(`${name}: ${JSON.stringify(answer)}`)
      rates[name]!.push(answer.perSecond)
    }
  }
  return { rates, missing }
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const start = performance.now()
  const value = await work()
  return { value, seconds: (performance.now() - start) / 1000 }
}
