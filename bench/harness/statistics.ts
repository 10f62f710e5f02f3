// Statistics of rates: quantiles, and ratios of measurements in the same round.

/** The quantile `q` of a list, interpolated linearly. */
export function quantile(list: readonly number[], q: number): number {
  const sorted = [...list].sort((a, b) => a - b)
  const at = q * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (list: readonly number[]): number => quantile(list, 0.5)

export interface Ratio {
  median: number
  p10: number
  p90: number
  /** The number of rounds. */
  pairs: number
}

/** How many times faster a is than b: from the ratios of each round, so that drift of the machine cancels out. */
export function ratio(a: readonly number[], b: readonly number[]): Ratio {
  const pairs = Math.min(a.length, b.length)
  const ratios = Array.from({ length: pairs }, (_, round) => a[round]! / b[round]!)
  return { median: median(ratios), p10: quantile(ratios, 0.1), p90: quantile(ratios, 0.9), pairs }
}

/** The geometric mean over several lists, for each round. */
export function geometricMean(lists: readonly (readonly number[])[]): number[] {
  const rounds = Math.min(...lists.map(({ length }) => length))
  return Array.from({ length: rounds }, (_, round) =>
    Math.exp(lists.reduce((sum, list) => sum + Math.log(list[round]!), 0) / lists.length),
  )
}

/** Whether two results are equal up to rounding. */
export function agree(a: readonly number[], b: readonly number[]): boolean {
  const largest = Math.max(...a.map(Math.abs))
  return a.length === b.length && a.every((value, i) => Math.abs(value - b[i]!) <= 1e-4 * largest)
}
