// Small ONNX files, written field by field, with what Hebb itself would not write.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

type Field = [number: number, value: number | string | Uint8Array | Field[]]

/** The bytes of a message from its fields. */
export function message(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  for (const [number, value] of fields) {
    if (typeof value === 'number') writer.tag(number, WireType.Varint).int64(value)
    else if (typeof value === 'string') writer.tag(number, WireType.LengthDelimited).string(value)
    else
      writer.tag(number, WireType.LengthDelimited).bytes(value instanceof Uint8Array ? value : message(value))
  }
  return writer.finish() as Uint8Array<ArrayBuffer>
}

/** A node; attributes are fields of AttributeProto after the name. */
export const node = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, Field[]> = {},
  more: Field[] = [],
): Field => [
  1,
  [
    ...inputs.map((name): Field => [1, name]),
    ...outputs.map((name): Field => [2, name]),
    [4, op],
    ...Object.entries(attributes).map(([name, fields]): Field => [5, [[1, name], ...fields]]),
    ...more,
  ],
]

/** An input (11) or output (12) of floats; a name is a size that is open. */
export const value = (kind: 11 | 12, name: string, shape: readonly (number | string)[]): Field => [
  kind,
  [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, 1],
            [2, shape.map((n): Field => [1, [typeof n === 'number' ? [1, n] : [2, n]]])],
          ],
        ],
      ],
    ],
  ],
]

/** An initializer of some type with the bytes of its values, or with other fields. */
export const tensor = (
  name: string,
  dims: readonly number[],
  type: number,
  raw: Uint8Array | Field[],
): Field => [
  5,
  [
    ...dims.map((n): Field => [1, n]),
    [2, type],
    [8, name],
    ...(raw instanceof Uint8Array ? [[9, raw] as Field] : raw),
  ],
]

/** The bytes of floats. */
export const floats = (...numbers: number[]) => new Uint8Array(Float32Array.from(numbers).buffer)

/** A model with this graph. */
export const model = (graph: Field[], opset = 17): Uint8Array<ArrayBuffer> =>
  message([
    [1, 8],
    [8, [[2, opset]]],
    [7, graph],
  ])
