// A suite is a list of cases, each with work as defined in harness/work.ts.
import type { Row } from '../harness/results.ts'
import type { Work } from '../harness/work.ts'

export interface Case {
  /** As in the results: `512x512x512`, `train b64 tanh`. */
  name: string
  work: Work
  /** The operations of one product or convolution, if GFLOP/s are the better unit. */
  flops?: number
  /** The bytes of one call, if GB/s are the better unit. */
  bytes?: number
  /** Whether `--quick` measures it. */
  quick?: true
}

export interface Suite {
  name: string
  /** One line on what is measured, with the unit of its rates. */
  about: string
  unit: string
  /** Which engines take part. Default: all. */
  only?: (engine: string) => boolean
  /** Each round restarts the engines, and measures until the first answer. */
  anew?: true
  cases: readonly Case[]
}

/** A suite that does everything itself; it returns text lines and rows. */
export type OwnSuite = (options: { threads: number; quick: boolean }) => Promise<Report>

export interface Report {
  lines: string[]
  results: Row[]
  /** Further results of a suite. */
  [more: string]: unknown
}
