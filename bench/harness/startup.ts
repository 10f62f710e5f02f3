// Measures start-up: every round restarts each engine and waits for its first answer.
import { type Competitor, start } from './engines.ts'
import type { Measured } from './measure.ts'
import type { Work } from './work.ts'

/** Starts per second of all engines that support the work. The first round is not counted: files come from the disk. */
export async function measureStarts(
  work: Work,
  competitors: readonly Competitor[],
  rounds: number,
  progress: (text: string) => void,
): Promise<Measured> {
  const { rates, missing }: Measured = { rates: {}, missing: {} }
  for (let round = 0; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`)
    for (const name of competitors.filter((one) => !(one in missing))) {
      const from = performance.now()
      try {
        const engine = await start(name)
        const answer = await engine.ask({ work, seconds: 0 })
        const seconds = (performance.now() - from) / 1000
        engine.end()
        if ('cannot' in answer) throw new Error(answer.cannot)
        if ('error' in answer) throw new Error(answer.error)
        if (round > 0) rates[name] = [...(rates[name] ?? []), 1 / seconds]
      } catch (error) {
        missing[name] = (error as Error).message
      }
    }
  }
  return { rates, missing }
}
