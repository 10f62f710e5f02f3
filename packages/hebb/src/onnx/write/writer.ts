// A graph of ONNX that is written: nodes and constants.
import type { Tensor } from '../../tensor'
import type { Attribute, Node, TensorProto, ValueInfo } from '../file/messages'

/** What an attribute may be. */
type Setting = number | string | readonly number[] | readonly string[] | { float: number } | Tensor

/** The numbers of the types in messages. */
const FLOAT = 1
const INT64 = 7

export class Writer {
  readonly nodes: Partial<Node>[] = []
  readonly initializers: Partial<TensorProto>[] = []
  #count = 0

  /** Adds a node, and returns the name of its first output; the output `at` of several is the last of so many. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Setting> = {},
    output = this.#fresh(op),
    at = 0,
  ): string {
    this.nodes.push({
      op,
      name: output,
      inputs: [...inputs],
      outputs: [...Array(at).fill(''), output],
      attributes: Object.entries(attributes).map(([name, value]) => toAttribute(name, value)),
    })
    return output
  }

  /** Numbers as a constant, with the name of a weight or a new one. */
  floats(tensor: Tensor, name = this.#fresh('constant')): string {
    if (!this.initializers.some((one) => one.name === name)) this.initializers.push(floatTensor(name, tensor))
    return name
  }

  /** Numbers that are no weights: a node has them. */
  fixed(tensor: Tensor): string {
    return this.node('Constant', [], { value: tensor })
  }

  /** A number that any shape takes. */
  number(value: number): string {
    return this.floats({ data: Float32Array.of(value), shape: [] })
  }

  /** Whole numbers, such as a shape. */
  ints(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const name = this.#fresh('shape')
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    this.initializers.push({ name, dims: [...shape], type: INT64, raw })
    return name
  }

  #fresh(kind: string): string {
    return `${kind}_${this.#count++}`
  }
}

const floatTensor = (name: string, { data, shape }: Tensor): Partial<TensorProto> => ({
  name,
  dims: [...shape],
  type: FLOAT,
  raw: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
})

function toAttribute(name: string, value: Setting): Attribute {
  const own = (type: number, field: Partial<Attribute>) => ({ name, type, ...field }) as Attribute
  if (typeof value === 'string') return own(3, { text: value })
  if (typeof value === 'number') return own(2, { int: value })
  if ('data' in value) return own(4, { tensor: floatTensor('', value) as TensorProto })
  if ('float' in value) return own(1, { float: value.float })
  if (typeof value[0] === 'string') return own(8, { texts: value as string[] })
  return own(7, { ints: value as number[] })
}

/** An input or output with its shape; the batch is `N`. */
export function valueInfo(name: string, shape: readonly number[], isInteger = false): ValueInfo {
  const dims = [{ name: 'N' }, ...shape.map((value) => ({ value }))]
  return { name, type: { tensor: { type: isInteger ? INT64 : FLOAT, shape: { dims } } } } as ValueInfo
}

/** The numbers of a shape along one axis: `[n, 1, 1]` for the channels of an image, `[n]` for features. */
export function perChannel(
  numbers: readonly number[] | number | Float32Array,
  sample: readonly number[],
): Tensor {
  const data = typeof numbers === 'number' ? Float32Array.of(numbers) : Float32Array.from(numbers)
  return { data, shape: sample.length === 3 ? [data.length, 1, 1] : [data.length] }
}
