// Stratified splits.

/**
 * Parts of the samples with the sizes `counts`, drawn by a seeded generator, each class in proportion; and the rest. All
 * keep the order of the samples.
 */
export function stratified(
  labels: Uint32Array,
  counts: readonly number[],
  seed: number,
): { parts: number[][]; rest: number[] } {
  const draw = generator(seed)
  let rest = Array.from(labels.keys())
  const parts = counts.map((count) => {
    const chosen = choose(labels, rest, count, draw)
    rest = rest.filter((index) => !chosen.has(index))
    return [...chosen].sort((a, b) => a - b)
  })
  return { parts, rest }
}

/**
 * The class numbers of target values `[samples, outputs]`: 0 and 1 for one output with two values, or the classes of one-hot
 * rows; undefined for all other values.
 */
export function labelsOf(values: Float32Array, samples: number): Uint32Array | undefined {
  const labels = new Uint32Array(samples)
  if (values.length === samples) {
    const first = values[0]!
    const other = values.find((value) => value !== first)
    if (other === undefined) return undefined
    for (const [i, value] of values.entries()) {
      if (value !== first && value !== other) return undefined
      labels[i] = Number(value === Math.max(first, other))
    }
    return labels
  }
  const outputs = values.length / samples
  for (let i = 0; i < samples; i++) {
    const row = values.subarray(i * outputs, (i + 1) * outputs)
    const label = row.indexOf(1)
    if (label < 0 || row.some((value, j) => value !== Number(j === label))) return undefined
    labels[i] = label
  }
  return labels
}

/** Chooses `count` of some samples, each class in proportion. */
function choose(
  labels: Uint32Array,
  samples: readonly number[],
  count: number,
  draw: () => number,
): Set<number> {
  const chosen = new Set<number>()
  const classes = new Map<number, number[]>()
  for (const index of samples) {
    const list = classes.get(labels[index]!)
    if (list) list.push(index)
    else classes.set(labels[index]!, [index])
  }
  let seen = 0
  for (const list of [...classes.keys()].sort((a, b) => a - b).map((key) => classes.get(key)!)) {
    // Because the running sum is rounded, the shares add up to exactly `count`.
    const before = Math.round((count * seen) / samples.length)
    seen += list.length
    const share = Math.round((count * seen) / samples.length) - before
    for (let i = 0; i < share; i++) {
      const j = i + (draw() % (list.length - i))
      ;[list[i], list[j]] = [list[j]!, list[i]!]
      chosen.add(list[i]!)
    }
  }
  return chosen
}

/** 32-bit random integers: splitmix32. */
function generator(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
}
