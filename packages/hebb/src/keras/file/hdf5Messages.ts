// The messages of HDF5's objects: shapes, types of numbers, attributes.
import { WIDTHS } from '../../interop/safetensorsHeader'
import { size } from '../../tensor'
import { damaged } from './damaged'
import type { View } from './hdf5View'

const MAX_RANK = 8

/** The shape that a dataspace says. */
export function shapeOf(view: View, at: number): number[] {
  const [version, rank] = [view.u8(at), view.u8(at + 1)]
  if (version > 2 || rank > MAX_RANK) damaged(`an array of its HDF5 has ${rank} axes`)
  const shape = Array.from({ length: rank }, (_, axis) =>
    view.offset(at + (version === 1 ? 8 : 4) + 8 * axis),
  )
  return Number.isSafeInteger(size(shape)) ? shape : damaged(`an array of its HDF5 has the shape [${shape}]`)
}

const [WHOLE, FLOAT, STRING, VARIABLE] = [0, 1, 3, 9]
const FLOATS: Record<number, string> = { 2: 'F16', 4: 'F32', 8: 'F64' }

/** The type of numbers, as safetensors calls it, and its bytes. */
export function typeOf(view: View, at: number): { name: string; width: number } {
  const [kind, flags, width] = [view.u8(at) & 15, view.u8(at + 1), view.u32(at + 4)]
  const name = kind === FLOAT ? FLOATS[width] : kind === WHOLE ? `${flags & 8 ? 'I' : 'U'}${8 * width}` : ''
  if (!name || WIDTHS[name] !== width || flags & 1)
    return damaged('an array of its HDF5 has a type that weights do not have')
  return { name, width }
}

/** An attribute if it is a single text. */
export function attribute(view: View, at: number, room: number): { name: string; text: string } | undefined {
  const version = view.u8(at)
  if (version < 1 || version > 3) return damaged(`an attribute of its HDF5 has the version ${version}`)
  // Version 1 fills each part up to 8 bytes, version 3 says how the name is encoded.
  const wide = (length: number) => (version === 1 ? 8 * Math.ceil(length / 8) : length)
  const [name, type, space] = [2, 4, 6].map((n) => view.u16(at + n)) as [number, number, number]
  const names = at + (version === 3 ? 9 : 8)
  const types = names + wide(name)
  const spaces = types + wide(type)
  const data = spaces + wide(space)
  const [kind, flags, length] = [view.u8(types) & 15, view.u8(types + 1), view.u32(types + 4)]
  if (data + (kind === STRING ? length : 0) > at + room) damaged('an attribute of its HDF5 is too long')
  const isText = kind === STRING || (kind === VARIABLE && (flags & 15) === 1)
  if (!isText || size(shapeOf(view, spaces)) !== 1) return undefined
  const bytes =
    kind === STRING
      ? view.bytes(data, length)
      : view.heapObject(view.offset(data + 4), view.u32(data + 12)).subarray(0, view.u32(data))
  const end = bytes.indexOf(0)
  const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
  return { name: view.text(names, names + name), text }
}
