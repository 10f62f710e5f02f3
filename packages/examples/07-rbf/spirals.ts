import type { Network } from 'hebb'

/** A normal number: the sum of twelve uniforms. */
export const normal = (next: () => number) => Array.from({ length: 12 }, next).reduce((a, b) => a + b) - 6

/** Points of two arms that turn around each other one and a half times, with a little noise. */
export function spirals(count: number, next: () => number) {
  const t = Array.from({ length: count }, (_, i) => i % 2)
  const x = t.map((arm) => {
    const part = Math.sqrt(0.02 + 0.98 * next())
    const angle = 3 * Math.PI * part + Math.PI * arm
    const noise = () => 0.02 * normal(next)
    return [part * Math.cos(angle) + noise(), part * Math.sin(angle) + noise()]
  })
  return { x, t }
}

/** Points at which a classifier changes its mind between neighbours of a fine grid. */
export async function boundary(net: Network): Promise<(readonly [number, number])[]> {
  const size = 120
  const at = (i: number) => -1.2 + (2.4 * i) / (size - 1)
  const grid = Array.from({ length: size * size }, (_, i) => [at(i % size), at(Math.floor(i / size))])
  const { data } = await net.predict(grid)
  const over = (i: number) => data[2 * i]! - 0.5
  const found: (readonly [number, number])[] = []
  for (let i = 0; i < size * size; i++) {
    for (const step of [1, size]) {
      if (step === 1 ? i % size === size - 1 : i + size >= size * size) continue
      const [a, b] = [over(i), over(i + step)]
      if (a > 0 === b > 0) continue
      const [from, to] = [grid[i]!, grid[i + step]!]
      const part = a / (a - b)
      found.push([from[0]! + part * (to[0]! - from[0]!), from[1]! + part * (to[1]! - from[1]!)])
    }
  }
  return found
}
