// The ordered sum of vectors that ranks have: slices go to their owners, are added there in the order of a tree, and come back.
//
//   rank 0  [a b c] ─┐ slice 0 of all ─▶ rank 0: a + a' + a" ─┐
//   rank 1  [a'b'c'] ├ slice 1 of all ─▶ rank 1: b + b' + b" ─┼─▶ every rank has all slices of the sum
//   rank 2  [a"b"c"]─┘ slice 2 of all ─▶ rank 2: c + c' + c" ─┘
import type { Guard } from './guard'
import type { Mpi, Parts } from './mpi'
import { add, addNodes, type Node, nodesOf, share } from './pairwiseSum'

/** Sums vectors of one length, `count` in all, of which each rank has its share. */
export class Reduction {
  readonly #mpi: Mpi
  readonly #guard: Guard
  readonly length: number
  readonly #count: number
  /** The nodes that each rank has. */
  readonly #nodes: Node[][]
  /** The slices of the ranks. */
  readonly #slices: Parts
  /** The other ranks' nodes of this rank's slice. */
  readonly #received: Float32Array
  /** What is sent of each of this rank's nodes, and received of one of the others. */
  readonly #rounds: { sent: Parts; received: Parts }[]

  constructor(mpi: Mpi, guard: Guard, length: number, count: number) {
    const { rank, size } = mpi
    this.#mpi = mpi
    this.#guard = guard
    this.length = length
    this.#count = count
    this.#nodes = Array.from({ length: size }, (_, one) => nodesOf(share(count, one, size), count))
    this.#slices = partsOf(size, (one) => {
      const { from, to } = share(length, one, size)
      return to - from
    })
    const width = this.#slices.counts[rank]!
    // A rank keeps its own slice where it is.
    const counts = this.#nodes.map((nodes, one) => (one === rank ? 0 : nodes.length))
    const { starts } = partsOf(size, (one) => counts[one]!)
    this.#received = new Float32Array(width * counts.reduce((sum, one) => sum + one, 0))
    const most = Math.max(...this.#nodes.map((nodes) => nodes.length))
    this.#rounds = Array.from({ length: most }, (_, round) => ({
      sent: {
        counts: this.#slices.counts.map((n, one) => (one !== rank && round < this.own ? n : 0)),
        starts: this.#slices.starts,
      },
      received: {
        counts: Int32Array.from(counts, (n) => (round < n ? width : 0)),
        starts: starts.map((start) => width * (start + round)),
      },
    }))
  }

  /** The number of this rank's nodes. */
  get own(): number {
    return this.#nodes[this.#mpi.rank]!.length
  }

  /** Writes the sum of the nodes of all ranks; those of this one lie one after another, and change. */
  async sum(nodes: Float32Array, into: Float32Array, what: string): Promise<void> {
    const { rank } = this.#mpi
    const [start, width] = [this.#slices.starts[rank]!, this.#slices.counts[rank]!]
    for (const [round, { sent, received }] of this.#rounds.entries()) {
      const from = nodes.subarray(round < this.own ? round * this.length : 0)
      await this.#guard.call(what, () => this.#mpi.exchange(from, sent, this.#received, received))
    }
    let others = 0
    const values = this.#nodes.flatMap((all, one) =>
      all.map((_, node) => {
        if (one !== rank) return this.#received.subarray(others++ * width, others * width)
        return nodes.subarray(node * this.length + start, node * this.length + start + width)
      }),
    )
    addNodes(this.#nodes.flat(), values, this.#count, into.subarray(start, start + width))
    await this.#guard.call(what, () => this.#mpi.gatherInPlace(into, this.#slices))
  }

  /** The same in the order that the library chooses. */
  async sumFast(nodes: Float32Array, into: Float32Array, what: string): Promise<void> {
    into.set(nodes.subarray(0, this.length))
    for (let one = 1; one < this.own; one++) {
      add(into, nodes.subarray(one * this.length, (one + 1) * this.length), into)
    }
    await this.#guard.call(what, () => this.#mpi.allReduce(into))
  }
}

/** The parts of ranks whose numbers of elements are given. */
export function partsOf(size: number, countOf: (rank: number) => number): Parts {
  const counts = Int32Array.from({ length: size }, (_, rank) => countOf(rank))
  const starts = new Int32Array(size)
  for (let rank = 1; rank < size; rank++) starts[rank] = starts[rank - 1]! + counts[rank - 1]!
  return { counts, starts }
}
