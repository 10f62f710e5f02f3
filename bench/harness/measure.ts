// Measuring: all engines prepare and return a result, then they take turns, round by round, so that drift of the
// machine affects all of them alike.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from './child.ts'
import type { Competitor } from './engines.ts'
import { agree } from './statistics.ts'
import type { Work } from './work.ts'

/** Milliseconds between two turns: by then spinning threads have gone to sleep. */
const PAUSE = 10

/** Engines whose turn takes this many times its planned time get three rounds. */
const SLOW = 4

export interface Pace {
  rounds: number
  /** Per turn. */
  seconds: number
  /** Before the first turn: WebAssembly is slow until it is tiered up. */
  warmUp: number
}

export interface Measured {
  /** Amount of work per second in each round. */
  rates: Record<Competitor, number[]>
  /** Engines that did not take part, with the reason. */
  missing: Record<Competitor, string>
}

/** Measures all engines that support the work and agree on its result with the first of them. */
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
      // The first turn shows the time of one step; engines that need seconds for it are warm.
      const first = await timed(() => engine.ask({ work, seconds: 0 }))
      if ('cannot' in first.value) throw new Error(first.value.cannot)
      if ('error' in first.value) throw new Error(first.value.error)
      // An engine without result values is not compared.
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
