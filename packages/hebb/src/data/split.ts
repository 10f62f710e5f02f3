// Which samples to set aside.

/** `count` of the samples, from each class its share, drawn by a seeded generator; and the rest. */
export function stratified(
  labels: Uint32Array,
  count: number,
  seed: number,
): { chosen: number[]; rest: number[] } {
  const draw = generator(seed)
  const chosen: number[] = []
  const classes = new Map<number, number[]>()
  labels.forEach((label, index) => {
    const list = classes.get(label) ?? []
    list.push(index)
    classes.set(label, list)
  })
  let seen = 0
  for (const list of [...classes.keys()].sort((a, b) => a - b).map((key) => classes.get(key)!)) {
    // Rounding the running sum gives exactly `count` in the end.
    const before = Math.round((count * seen) / labels.length)
    seen += list.length
    const share = Math.round((count * seen) / labels.length) - before
    for (let i = 0; i < share; i++) {
      const j = i + (draw() % (list.length - i))
      ;[list[i], list[j]] = [list[j]!, list[i]!]
    }
    chosen.push(...list.slice(0, share))
  }
  const taken = new Set(chosen)
  const rest = Array.from(labels.keys()).filter((index) => !taken.has(index))
  return { chosen: chosen.sort((a, b) => a - b), rest }
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
