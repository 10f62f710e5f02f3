/** The limits of an axis. */
export type Limits = readonly [low: number, high: number]

/** The position of a value between two limits: 0 at the low one, 1 at the high one. */
export function part(value: number, [low, high]: Limits, log: boolean): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
}

/** The limits of values, a little wider; those that a logarithm does not take are left out. */
export function limitsOf(values: Iterable<number>, log: boolean, margin: number): Limits {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return log ? [1, 10] : [0, 1]
  if (low === high) return log ? [low / 2, high * 2] : [low - 0.5, high + 0.5]
  if (log) return [low * (low / high) ** margin, high * (high / low) ** margin]
  return [low - margin * (high - low), high + margin * (high - low)]
}

/** The powers of ten within limits, at most seven; also their doubles and fives if there are few. */
export function powers([low, high]: Limits): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)]
  const every = Math.max(1, Math.ceil((last - first + 1) / 7))
  const whole = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i))
  if (whole.length >= 3) return whole.filter((_, i) => i % every === 0)
  return [first - 1, ...whole.map((_, i) => first + i)]
    .flatMap((power) => [1, 2, 5].map((n) => Number((n * 10 ** power).toPrecision(3))))
    .filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
}

/** A number at an axis. */
export function named(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e5 || (size !== 0 && size < 1e-3))
    return Number(value.toPrecision(6)).toExponential().replace('e+', 'e')
  return String(Number(value.toPrecision(6)))
}
