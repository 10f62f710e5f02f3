// The ordered sum of vectors that ranks have: slices go to their owners, are added there in the order of a tree, and come back.
//
//   rank 0  [a b c] ─┐ slice 0 of all ─▶ rank 0: a + a' + a" ─┐
//   rank 1  [a'b'c'] ├ slice 1 of all ─▶ rank 1: b + b' + b" ─┼─▶ every rank has all slices of the sum
//   rank 2  [a"b"c"]─┘ slice 2 of all ─▶ rank 2: c + c' + c" ─┘
import type { Guard } from './guard'
import type { Mpi, Parts } from './mpi'
import { addNodes, type Node, nodesOf, share } from './pairwiseSum'

/** Sums vectors of one length, `count` in all, of which each rank has its share. */
export class Reduction {
  readonly #mpi: Mpi
  readonly #guard: Guard
  readonly #length: number
  readonly #count: number
  /** The nodes that each rank has. */
  readonly #nodes: Node[][]
  /** The slices of the ranks. */
  readonly #slices: Parts
  /** The nodes of all ranks of this rank's slice. */
  readonly #received: Float32Array

  constructor(mpi: Mpi, guard: Guard, length: number, count: number) {
    const { rank, size } = mpi
    this.#mpi = mpi
    this.#guard = guard
    this.#length = length
    this.#count = count
    this.#nodes = Array.from({ length: size }, (_, one) => nodesOf(share(count, one, size), count))
    this.#slices = partsOf(size, (one) => {
      const { from, to } = share(length, one, size)
      return to - from
    })
    this.#received = new Float32Array(this.#nodes.flat().length * this.#slices.counts[rank]!)
  }

  /** The number of this rank's nodes. */
  get own(): number {
    return this.#nodes[this.#mpi.rank]!.length
  }

  /** Writes the sum of the nodes of all ranks; those of this one lie one after another. */
  async sum(nodes: Float32Array, into: Float32Array, what: string): Promise<void> {
    const { rank, size } = this.#mpi
    const width = this.#slices.counts[rank]!
    const most = Math.max(...this.#nodes.map((own) => own.length))
    for (let round = 0; round < most; round++) {
      const has = (one: number) => (this.#nodes[one]!.length > round ? 1 : 0)
      const sent = {
        counts: this.#slices.counts.map((count) => count * has(rank)),
        starts: this.#slices.starts,
      }
      const received = {
        counts: Int32Array.from({ length: size }, (_, one) => width * has(one)),
        starts: Int32Array.from({ length: size }, (_, one) => width * (this.#before(one) + round)),
      }
      const from = nodes.subarray(has(rank) * round * this.#length)
      await this.#guard.call(what, () => this.#mpi.exchange(from, sent, this.#received, received))
    }
    addNodes(this.#nodes.flat(), this.#received, width, this.#count)
    const slice = this.#received.subarray(0, width)
    await this.#guard.call(what, () => this.#mpi.gather(slice, into, this.#slices))
  }

  /** The same in the order that the library chooses. */
  async sumFast(nodes: Float32Array, into: Float32Array, what: string): Promise<void> {
    into.set(nodes.subarray(0, this.#length))
    for (let one = 1; one < this.own; one++) {
      const node = nodes.subarray(one * this.#length, (one + 1) * this.#length)
      for (const [i, value] of node.entries()) into[i]! += value
    }
    await this.#guard.call(what, () => this.#mpi.allReduce(into))
  }

  /** The number of nodes of the ranks before one. */
  #before(one: number): number {
    return this.#nodes.slice(0, one).flat().length
  }
}

/** The parts of ranks whose numbers of elements are given. */
export function partsOf(size: number, countOf: (rank: number) => number): Parts {
  const counts = Int32Array.from({ length: size }, (_, rank) => countOf(rank))
  const starts = new Int32Array(size)
  for (let rank = 1; rank < size; rank++) starts[rank] = starts[rank - 1]! + counts[rank - 1]!
  return { counts, starts }
}
