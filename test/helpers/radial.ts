/** `count` numbers in [−½, ½), as `radial.py` draws them. */
export function values(seed: number, count: number): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) / 2 ** 24 - 0.5
  })
}

/** Samples `[count][features]`. */
export function samples(seed: number, count: number, features: number): number[][] {
  const all = values(seed, count * features)
  return Array.from({ length: count }, (_, i) => all.slice(i * features, (i + 1) * features))
}
