// Values that are known when a model is read: weights, and what is computed with shapes.
import { beside, isOutside } from '../../data/formats/beside'
import type { Source } from '../../data/formats/source'
import { bytesOf } from '../../data/formats/source'
import { readValues } from '../../interop/safetensors'
import { WIDTHS } from '../../interop/safetensorsHeader'
import { size } from '../../tensor'
import type { TensorProto } from '../file/messages'
import { damaged } from '../file/protobuf'

/** Numbers of a shape. If all of them are equal, `data` may have only one. */
export class Constant {
  constructor(
    readonly shape: readonly number[],
    readonly data: Float32Array | Float64Array,
    /** The name in the file, if it is stored there. */
    readonly name = '',
  ) {
    if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) damaged(`a constant has the shape [${shape}]`)
  }

  /** All numbers. */
  get values(): Float32Array | Float64Array {
    const count = size(this.shape)
    if (this.data.length === count) return this.data
    if (count > MAX_VALUES) damaged(`a constant [${this.shape}] is too large`)
    return new (this.data.constructor as Float64ArrayConstructor)(count).fill(this.data[0]!)
  }

  /** The number that all of them are, if they are equal. */
  get uniform(): number | undefined {
    return this.data.every((value) => value === this.data[0]) ? this.data[0] : undefined
  }

  /** The numbers of a small constant, such as a shape. */
  get list(): number[] {
    if (size(this.shape) > MAX_LIST) damaged(`a list has ${size(this.shape)} values`)
    return Array.from(this.values)
  }

  /** Other dimensions for the same numbers. */
  as(shape: readonly number[]): Constant {
    return new Constant(shape, this.data, this.name)
  }
}

/** A list of whole numbers. */
export const listOf = (values: readonly number[]) => new Constant([values.length], Float64Array.from(values))
/** A single number. */
export const scalarOf = (value: number) => new Constant([], Float64Array.of(value))

/** The most values of a constant that is made, not read. */
const MAX_VALUES = 2 ** 28
const MAX_LIST = 2 ** 16

/** The types of values, as safetensors calls them, by ONNX's number. */
const TYPES: Record<number, string> = {
  1: 'F32',
  2: 'U8',
  3: 'I8',
  4: 'U16',
  5: 'I16',
  6: 'I32',
  7: 'I64',
  9: 'BOOL',
  10: 'F16',
  11: 'F64',
  12: 'U32',
  13: 'U64',
  16: 'BF16',
}

/** The other files in which tensors have their values, by name. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>

/** The bytes of a tensor in another file. */
function externalBytes(tensor: TensorProto, files: ExternalFiles): Uint8Array {
  const entry = (name: string) => tensor.external.find(({ key }) => key === name)?.value
  const location = entry('location') ?? ''
  const file = files.get(location)
  if (!file) return damaged(`tensor "${tensor.name}" is in another file, which it does not name`)
  const from = Number(entry('offset') ?? 0)
  const to = from + Number(entry('length') ?? file.length - from)
  if (
    !(Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= file.length)
  )
    damaged(`tensor "${tensor.name}" claims bytes ${from} to ${to} of the ${file.length} of ${location}`)
  return file.subarray(from, to)
}

/** The numbers of a tensor. */
export function toConstant(tensor: TensorProto, files: ExternalFiles = new Map()): Constant {
  const { name, dims } = tensor
  const type = TYPES[tensor.type]
  if (!type) return damaged(`tensor "${name}" has the type ${tensor.type}, which is not supported`)
  if (!dims.every((n) => Number.isSafeInteger(n) && n >= 0))
    damaged(`tensor "${name}" has the shape [${dims}]`)
  const raw = tensor.location === 1 ? externalBytes(tensor, files) : tensor.raw
  const bytes = raw.length > 0 ? raw : type === 'F64' ? tensor.doubles : tensor.floats
  const lists = { I64: tensor.ints64, U64: tensor.unsigned, U32: tensor.unsigned }[type] ?? tensor.ints32
  const inBytes = raw.length > 0 || type === 'F32' || type === 'F64'
  const given = inBytes ? bytes.length / WIDTHS[type]! : lists.length
  if (given !== size(dims)) damaged(`tensor "${name}" of shape [${dims}] has ${given} values`)
  if (inBytes) return new Constant(dims, readValues(type, bytes), name)
  // Half precision is stored as its bits.
  const isHalf = type === 'F16' || type === 'BF16'
  const data = isHalf
    ? readValues(type, new Uint8Array(Uint16Array.from(lists).buffer))
    : Float64Array.from(lists)
  return new Constant(dims, data, name)
}

/** Reads the other files that tensors name, which must lie beside the model or below its folder. */
export async function readExternal(
  tensors: readonly TensorProto[],
  source: Source,
  open: ((name: string) => Source | Promise<Source>) | undefined,
): Promise<ExternalFiles> {
  const files = new Map<string, Uint8Array>()
  for (const { location, external, name } of tensors) {
    const file = external.find(({ key }) => key === 'location')?.value
    if (location !== 1 || file === undefined || files.has(file)) continue
    if (isOutside(file))
      damaged(`tensor "${name}" is in "${file.slice(0, 80)}", which is not beside the model`)
    const place = open ? await open(file) : beside(source, file)
    files.set(file, await bytesOf(place, file))
  }
  return files
}
