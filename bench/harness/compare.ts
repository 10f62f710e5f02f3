// Measures one suite: starts the engines, measures case by case, and returns the results to keep.
import type { Suite } from '../suites/suite.ts'
import type { Engine } from './child.ts'
import { type Competitor, parts, start } from './engines.ts'
import { watchOthers } from './load.ts'
import { measure, type Pace } from './measure.ts'
import { type Missing, machine, type Results, rounded } from './results.ts'
import { measureStarts } from './startup.ts'

export const FULL: Pace = { rounds: 15, seconds: 0.1, warmUp: 0.4 }
/** Rounds for start-up times, which take seconds each. */
const STARTS = 5
export const QUICK: Pace = { rounds: 5, seconds: 0.08, warmUp: 0.2 }

/** The engines that started, and the reasons why others did not. */
export interface Started {
  engines: Map<Competitor, Engine>
  missing: Missing[]
}

export async function startAll(
  competitors: readonly Competitor[],
  progress: (text: string) => void,
): Promise<Started> {
  const [engines, missing]: [Started['engines'], Missing[]] = [new Map(), []]
  for (const competitor of competitors) {
    const { engine } = parts(competitor)
    if (missing.some((gap) => gap.engine === engine)) continue
    progress(`starting ${competitor}`)
    try {
      engines.set(competitor, await start(competitor))
    } catch (error) {
      missing.push({ engine, reason: (error as Error).message })
    }
  }
  return { engines, missing }
}

/** Measures the given cases of a suite once. */
export async function compare(
  suite: Suite,
  names: readonly string[],
  { engines, missing }: Started,
  pace: Pace,
  progress: (text: string) => void,
): Promise<Results> {
  const results: Results = {
    suite: suite.name,
    machine: machine(),
    versions: {},
    cases: {},
    missing: [...missing],
  }
  const taking = new Map([...engines].filter(([name]) => suite.only?.(parts(name).engine) ?? true))
  for (const [name, { version }] of taking) results.versions[parts(name).engine] = version
  for (const { name, work } of suite.cases.filter((one) => names.includes(one.name))) {
    const date = new Date().toISOString()
    const others = watchOthers()
    const tell = (text: string) => progress(`${suite.name} ${name}: ${text}`)
    const measured = suite.anew
      ? await measureStarts(work, [...taking.keys()], Math.min(pace.rounds, STARTS), tell)
      : await measure(work, taking, pace, tell)
    const rates = Object.entries(measured.rates).map(([key, list]) => [key, list.map(rounded)])
    results.cases[name] = [{ date, load: others(), rates: Object.fromEntries(rates) }]
    const reasons = new Map(
      Object.entries(measured.missing).map(([key, why]) => [`${parts(key).engine}`, why]),
    )
    for (const [engine, reason] of reasons) results.missing.push({ engine, case: name, reason })
  }
  return results
}
