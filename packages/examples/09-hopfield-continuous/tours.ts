// Optimal tours to compare with, by methods that have nothing to do with neural networks.

import { random } from '../random.ts'

/** `n` cities in the unit square. */
export function randomCities(n: number, seed: number): [number, number][] {
  const next = random(seed)
  return Array.from({ length: n }, () => [next(), next()])
}

/** The length of the shortest tour: exact up to 13 cities, for more the best of many local searches. */
export function shortest(cities: readonly (readonly [number, number])[]): number {
  const d = cities.map(([x, y]) => Float64Array.from(cities, ([a, b]) => Math.hypot(x - a, y - b)))
  return cities.length <= 13 ? heldKarp(d) : searched(d)
}

/** Held and Karp's dynamic programming over sets of cities. */
function heldKarp(d: readonly Float64Array[]): number {
  const last = d.length - 1
  const best = new Float64Array(last << last).fill(Number.POSITIVE_INFINITY)
  for (let city = 0; city < last; city++) best[(1 << city) * last + city] = d[last]![city]!
  for (let set = 1; set < 1 << last; set++) {
    for (let to = 0; to < last; to++) {
      const before = set & ~(1 << to)
      if (before === set || before === 0) continue
      let least = Number.POSITIVE_INFINITY
      for (let from = 0; from < last; from++) {
        if (before & (1 << from)) least = Math.min(least, best[before * last + from]! + d[from]![to]!)
      }
      best[set * last + to] = least
    }
  }
  const all = ((1 << last) - 1) * last
  return Math.min(...Array.from({ length: last }, (_, city) => best[all + city]! + d[city]![last]!))
}

/** Restarts of the local search after a random change of the best tour. */
const KICKS = 1000

/** 2-opt and Or-opt from a random tour, then from the best tour with two parts exchanged (a double bridge). */
function searched(d: readonly Float64Array[]): number {
  const n = d.length
  const next = random(n)
  let tour = Array.from({ length: n }, (_, city) => city)
  let best = improve(tour, d)
  for (let kick = 0; kick < KICKS; kick++) {
    const [a, b, c] = [next(), next(), next()].map((x) => 1 + Math.floor(x * (n - 1))).sort((x, y) => x - y)
    const other = [...tour.slice(0, a), ...tour.slice(b, c), ...tour.slice(a, b), ...tour.slice(c)]
    const length = improve(other, d)
    if (length > best) continue
    best = length
    tour = other
  }
  return best
}

/** Improves a tour in place until no reversal and no move of one to three cities shortens it; returns its length. */
function improve(tour: number[], d: readonly Float64Array[]): number {
  const n = tour.length
  const way = (i: number, j: number) => d[tour[i % n]!]![tour[j % n]!]!
  const reverse = (i: number, j: number) => {
    for (; i < j; i++, j--) [tour[i], tour[j]] = [tour[j]!, tour[i]!]
  }
  for (let better = true; better; ) {
    better = false
    for (let i = 0; i < n - 1; i++) {
      for (let j = i + 2; j < n - (i === 0 ? 1 : 0); j++) {
        if (way(i, j) + way(i + 1, j + 1) > way(i, i + 1) + way(j, j + 1) - 1e-12) continue
        reverse(i + 1, j)
        better = true
      }
    }
    // Exchanging neighbouring parts i + 1 … j and j + 1 … k moves the shorter one.
    for (let size = 1; size <= 3; size++) {
      for (let i = 0; i + size < n - 1; i++) {
        const j = i + size
        for (let k = j + 1; k < n - (i === 0 ? 1 : 0); k++) {
          const now = way(i, i + 1) + way(j, j + 1) + way(k, k + 1)
          if (way(i, j + 1) + way(k, i + 1) + way(j, k + 1) > now - 1e-12) continue
          reverse(i + 1, j)
          reverse(j + 1, k)
          reverse(i + 1, k)
          better = true
          break
        }
      }
    }
  }
  return tour.reduce((sum, _, i) => sum + way(i, i + 1), 0)
}
