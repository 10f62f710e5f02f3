// A suite is a list of cases, each some work in the words of harness/work.ts.
import type { Row } from '../harness/results.ts'
import type { Work } from '../harness/work.ts'

export interface Case {
  /** As in the results: `512x512x512`, `train b64 tanh`. */
  name: string
  work: Work
  /** Where GFLOP/s say more: how much one product or convolution is. */
  flops?: number
  /** Where GB/s do: as above. */
  bytes?: number
  /** Whether `--quick` measures it. */
  quick?: true
}

export interface Suite {
  name: string
  /** One line on what is measured, with the unit of its rates. */
  about: string
  unit: string
  /** Who takes part. Default: everybody. */
  only?: (engine: string) => boolean
  /** Each round starts the engines anew, and counts until the first answer. */
  anew?: true
  cases: readonly Case[]
}

/** A suite that does everything itself: what it found, in lines for people and as rows. */
export type OwnSuite = (options: { threads: number; quick: boolean }) => Promise<Report>

export interface Report {
  lines: string[]
  results: Row[]
  /** What else a suite has to say. */
  [more: string]: unknown
}
