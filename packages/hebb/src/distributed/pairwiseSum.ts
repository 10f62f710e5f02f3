// The sum of vectors in the order of a tree, ((0 + 1) + (2 + 3)) + …, whoever adds which part of it; as the core's
// training/pairwise_sum.rs, which adds what one process has.

/** A sum of the vectors `from` to `to`, that one excluded. */
export interface Node {
  from: number
  to: number
}

/** The micro-shards, or other things, of `count` that belong to one of `size` ranks. */
export function share(count: number, rank: number, size: number): Node {
  return { from: Math.floor((rank * count) / size), to: Math.floor(((rank + 1) * count) / size) }
}

/** Whether two neighbours add up to a node of the tree over `count` vectors. */
function siblings(left: Node, right: Node, count: number): boolean {
  const size = left.to - left.from
  return left.from % (2 * size) === 0 && right.to === Math.min(count, left.to + size)
}

/** Merges the last nodes as long as they are siblings; calls `add` with the place of each left one. */
function merge(nodes: Node[], count: number, add: (left: number) => void): void {
  while (nodes.length > 1 && siblings(nodes.at(-2)!, nodes.at(-1)!, count)) {
    const { to } = nodes.pop()!
    const left = nodes.pop()!
    nodes.push({ from: left.from, to })
    add(nodes.length - 1)
  }
}

/** The largest nodes of the tree over `count` vectors that hold the vectors of a range. */
export function nodesOf({ from, to }: Node, count: number): Node[] {
  const nodes: Node[] = []
  for (let number = from; number < to; number++) {
    nodes.push({ from: number, to: number + 1 })
    merge(nodes, count, () => {})
  }
  return nodes
}

/**
 * Writes the sum of all nodes, which are given in order with their values, and may change these. In 32 bits as the core does: the sum
 * of two floats in 64 bits, rounded, is their sum in 32. The result may lie where the values of a node do.
 */
export function addNodes(
  nodes: readonly Node[],
  values: readonly Float32Array[],
  count: number,
  into: Float32Array,
): void {
  const done: Node[] = []
  const sums: Float32Array[] = []
  for (const [number, node] of nodes.entries()) {
    done.push(node)
    sums.push(values[number]!)
    merge(done, count, (left) => {
      const right = sums.pop()!
      const { from, to } = done[left]!
      // The last sum need not be copied.
      const sum = from === 0 && to === count ? into : sums[left]!
      add(sums[left]!, right, sum)
      sums[left] = sum
    })
  }
  if (sums[0] !== into) into.set(sums[0]!)
}

/** Writes the sums of two vectors. */
export function add(a: Float32Array, b: Float32Array, sum: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = a[i]! + b[i]!
}
