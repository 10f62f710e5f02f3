// What the suites' reports share.
import { arch, cpus, loadavg } from 'node:os'

export interface Options {
  engines: string[]
  threads: number
  batch: number
  variant: string
  /** Fewer and shorter rounds. */
  quick: boolean
}

export interface Result {
  suite: string
  case: string
  engine: string
  threads: number
  medianMs: number
  minMs: number
  maxMs: number
  perSecond?: number
}

export interface Report {
  /** The name of the file in bench/results, without its ending. */
  file: string
  /** The report for people. */
  lines: string[]
  results: Result[]
  /** What else a suite has to say. */
  [more: string]: unknown
}

/** The value below which a part `q` of the list lies. */
export function quantile(list: readonly number[], q: number): number {
  return [...list].sort((a, b) => a - b)[Math.round(q * (list.length - 1))]!
}

/** Where and when it was measured. */
export function machine() {
  return {
    cpu: cpus()[0]!.model,
    cores: cpus().length,
    arch: arch(),
    node: process.version,
    load: loadavg()[0],
    date: new Date().toISOString(),
  }
}
