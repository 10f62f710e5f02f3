// A node of the graph as its translator sees it: inputs, attributes, and refusals.
import { HebbError } from '../../errors'
import { size } from '../../tensor'
import type { Attribute, Node } from '../file/messages'
import type { Builder } from './builder'
import { type Constant, toConstant } from './constants'
import { Value } from './value'

/** What a node reads and makes. */
export type Operand = Value | Constant

/** Why a node cannot be translated. */
export class Unsupported extends Error {}

/** Translates a node: its outputs, of which those that nobody reads may be missing. */
export type Translator = (node: NodeView) => Operand | readonly (Operand | undefined)[]

export class NodeView {
  readonly #attributes: ReadonlyMap<string, Attribute>
  readonly op: string

  constructor(
    readonly node: Node,
    readonly inputs: readonly (Operand | undefined)[],
    readonly network: Builder,
    /** The version of the operators. */
    readonly opset: number,
    /** The size of the batch that the file names; 0 if it leaves it open. */
    readonly fixedBatch: number,
    /** How many nodes read a value of this name; the caller counts too. */
    readonly readers: (name: string) => number,
  ) {
    this.op = node.op
    this.#attributes = new Map(node.attributes.map((attribute) => [attribute.name, attribute]))
  }

  /** Whether another node or the caller reads an output. */
  isRead(output: number): boolean {
    return this.readers(this.node.outputs[output] ?? '') > 0
  }

  /** Whether other nodes read an input too. */
  isShared(input: number): boolean {
    return this.readers(this.node.inputs[input] ?? '') > 1
  }

  /** Refuses the node; `why` follows its name. */
  fail(why: string): never {
    throw new Unsupported(why)
  }

  /** An input that the network computes. */
  value(at = 0): Value {
    const input = this.inputs[at]
    if (input instanceof Value) return input
    return this.fail(`input ${at + 1} is ${input ? 'constant' : 'missing'}`)
  }

  /** The same with its axes in the order of memory, if that is possible. */
  ordered(at = 0): Value {
    return this.network.inOrder(this.value(at))
  }

  /** An input that is known. */
  constant(at: number): Constant {
    return this.optional(at) ?? this.fail(`input ${at + 1} is missing`)
  }

  /** A known input whose numbers become weights. */
  weights(at: number): Constant {
    const known = this.constant(at)
    this.network.spend(size(known.shape))
    return known
  }

  /** A known input, or undefined if it is not given. */
  optional(at: number): Constant | undefined {
    const input = this.inputs[at]
    return input instanceof Value ? this.fail(`input ${at + 1} is no constant`) : input
  }

  has(name: string): boolean {
    return this.#attributes.has(name)
  }
  int(name: string, otherwise = 0): number {
    return this.#attributes.get(name)?.int ?? otherwise
  }
  float(name: string, otherwise: number): number {
    return this.#attributes.get(name)?.float ?? otherwise
  }
  text(name: string, otherwise = ''): string {
    return this.#attributes.get(name)?.text ?? otherwise
  }
  ints(name: string): number[] | undefined {
    return this.#attributes.get(name)?.ints
  }
  floats(name: string): number[] | undefined {
    return this.#attributes.get(name)?.floats
  }
  names(name: string): string[] | undefined {
    return this.#attributes.get(name)?.texts
  }
  tensor(name: string): Constant | undefined {
    const value = this.#attributes.get(name)?.tensor
    return value && toConstant(value)
  }

  /** A list of whole numbers that is an attribute in old versions and an input in new ones. */
  list(name: string, at: number): number[] | undefined {
    return this.ints(name) ?? this.optional(at)?.list
  }

  /** The axis of an attribute, counted from 0. */
  axis(rank: number, otherwise: number, given = this.int('axis', otherwise)): number {
    const axis = given < 0 ? given + rank : given
    if (!Number.isInteger(axis) || axis < 0 || axis > rank) this.fail(`axis ${given} of ${rank}`)
    return axis
  }
}

/** An error that names all nodes that have no counterpart. */
export function unsupported(problems: ReadonlyMap<string, readonly string[]>): HebbError {
  const lines = [...problems].map(([what, nodes]) => {
    const named = nodes.filter(Boolean).slice(0, 3)
    const names = named.length > 0 ? ` (${named.join(', ')}${nodes.length > named.length ? ', …' : ''})` : ''
    return `${nodes.length > 1 ? `${nodes.length} × ` : ''}${what}${names}`
  })
  const more = lines.length > 40 ? `; and ${lines.length - 40} more` : ''
  return new HebbError(
    'file',
    `Hebb has no layer for parts of this model: ${lines.slice(0, 40).join('; ')}${more}`,
  )
}
