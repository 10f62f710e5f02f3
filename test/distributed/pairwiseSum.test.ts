import { expect, test } from 'vitest'
import { addNodes, type Node, nodesOf, share } from '../../packages/hebb/src/distributed/pairwiseSum'

/** The sum of neighbours, then of neighbouring sums, in 32 bits. */
function tree(values: number[]): number {
  if (values.length === 1) return values[0]!
  const pairs = Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => values.slice(2 * i, 2 * i + 2))
  return tree(pairs.map(([a, b]) => (b === undefined ? a! : Math.fround(a! + b))))
}

const value = (number: number) => Math.fround(1 / (3 + 7 * number))

test('shares cover all, in order, and differ by one at most', () => {
  for (const count of [1, 5, 8, 61_706]) {
    for (let size = 1; size <= 9; size++) {
      const shares = Array.from({ length: size }, (_, rank) => share(count, rank, size))
      expect([shares[0]!.from, shares.at(-1)!.to]).toEqual([0, count])
      for (const [rank, one] of shares.entries()) expect(shares[rank + 1]?.from ?? count).toBe(one.to)
      const lengths = shares.map(({ from, to }) => to - from)
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(2)
    }
  }
})

test('the sum over all ranks is that of the tree, to the bits', () => {
  for (let count = 1; count <= 17; count++) {
    const expected = tree(Array.from({ length: count }, (_, i) => value(i)))
    for (let size = 1; size <= count; size++) {
      // What each rank adds by itself, and then their owner, for a vector [value, −value].
      const all: Node[] = []
      const values: Float32Array[] = []
      for (let rank = 0; rank < size; rank++) {
        const own = nodesOf(share(count, rank, size), count)
        all.push(...own)
        for (const { from, to } of own) {
          const sum = tree(Array.from({ length: to - from }, (_, i) => value(from + i)))
          values.push(Float32Array.of(sum, -sum))
        }
      }
      // Elsewhere, and into the values of one of them.
      for (const into of [new Float32Array(2), values.at(-1)!]) {
        const copies = values.map((one) => (one === into ? one : one.slice()))
        addNodes(all, copies, count, into)
        expect([...into]).toEqual([expected, -expected])
      }
    }
  }
})

test('a rank keeps few sums', () => {
  expect(nodesOf({ from: 0, to: 8 }, 8)).toEqual([{ from: 0, to: 8 }])
  expect(nodesOf({ from: 4, to: 5 }, 5)).toEqual([{ from: 4, to: 5 }])
  expect(nodesOf({ from: 3, to: 6 }, 8)).toEqual([
    { from: 3, to: 4 },
    { from: 4, to: 6 },
  ])
  expect(nodesOf({ from: 1, to: 63 }, 64).length).toBe(10)
})
