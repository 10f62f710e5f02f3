// HDF5 files as h5py writes them by default (the HDF5 File Format Specification, version 3.0: superblock 0, groups as symbol
// tables, arrays in one piece). All fields are checked, because a file may be damaged or hostile; each byte of a file belongs to
// one thing, so all that is read together is at most the file, and a file that refers to something twice is refused.
import { size } from '../../tensor'
import { damaged } from './damaged'
import { attribute, shapeOf, typeOf } from './hdf5Messages'
import { View } from './hdf5View'

/** An array: its shape, the type of its numbers, as safetensors calls it, and their bytes. */
export interface Dataset {
  shape: readonly number[]
  type: string
  bytes: Uint8Array
}

/** A group: what is in it by name, and those of its attributes that are text. */
export interface Group {
  groups: Map<string, Group>
  datasets: Map<string, Dataset>
  texts: Map<string, string>
}

/** What a group may lie in: Keras's layers in layers are not as deep. */
const MAX_DEPTH = 32

/** The most bytes of a name. */
const MAX_NAME = 1024

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
const [DATASPACE, DATATYPE, LAYOUT, ATTRIBUTE, CONTINUATION, SYMBOL_TABLE] = [1, 3, 8, 12, 16, 17]
/** Messages that describe groups and attributes of the newer format. */
const NEWER = [2, 6, 21]

export const isHdf5 = (bytes: Uint8Array) => SIGNATURE.every((byte, at) => bytes[at] === byte)

/** Reads all groups and arrays of a file; the bytes of arrays alias the file's. */
export function readHdf5(bytes: Uint8Array): Group {
  const view = new View(bytes)
  try {
    if (!isHdf5(bytes)) damaged('its weights are not in HDF5')
    if (view.u8(8) > 1 || view.u8(13) !== 8 || view.u8(14) !== 8) damaged(newer)
    const at = view.u8(8) === 0 ? 24 : 28
    if (view.offset(at) !== 0) damaged('its HDF5 begins with a block of its own')
    const root = readObject(view, view.offset(at + 40), 0)
    return 'groups' in root ? root : damaged('its HDF5 has no groups')
  } catch (error) {
    if (error instanceof RangeError) damaged('its HDF5 ends too early')
    throw error
  }
}

const newer = 'its HDF5 has a layout that h5py does not write by default; save it again with Keras'

/** A message of an object: its type, and where its data is. */
interface Message {
  type: number
  at: number
  length: number
}

/** The messages of an object's header, which lie in one block or several. */
function messagesOf(view: View, header: number): Message[] {
  if (view.u8(header) !== 1) damaged(newer)
  const messages: Message[] = []
  const blocks = [{ at: header + 16, length: view.u32(header + 8) }]
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    view.spend(block.at, block.length)
    const end = block.at + block.length
    for (let at = block.at; at + 8 <= end; ) {
      const message = { type: view.u16(at), at: at + 8, length: view.u16(at + 2) }
      if (message.at + message.length > end) damaged('an object of its HDF5 is broken')
      if (NEWER.includes(message.type) || view.u8(at + 4) & 2) damaged(newer)
      if (message.type === CONTINUATION)
        blocks.push({ at: view.offset(message.at), length: view.offset(message.at + 8) })
      else messages.push(message)
      at = message.at + message.length
    }
  }
  return messages
}

function readObject(view: View, header: number, depth: number): Group | Dataset {
  if (depth > MAX_DEPTH) damaged(`its HDF5 has more than ${MAX_DEPTH} groups in each other`)
  const messages = messagesOf(view, header)
  const one = (type: number) => messages.find((message) => message.type === type)
  const table = one(SYMBOL_TABLE)
  if (!table) return readDataset(view, one(DATASPACE)?.at, one(DATATYPE)?.at, one(LAYOUT))
  const group: Group = { groups: new Map(), datasets: new Map(), texts: new Map() }
  for (const { type, at, length } of messages) {
    const found = type === ATTRIBUTE ? attribute(view, at, length) : undefined
    if (found) group.texts.set(found.name, found.text)
  }
  const heap = heapOf(view, view.offset(table.at + 8))
  for (const [name, at] of links(view, view.offset(table.at), heap, 0)) {
    const object = readObject(view, at, depth + 1)
    if ('groups' in object) group.groups.set(name, object)
    else group.datasets.set(name, object)
  }
  return group
}

/** Where the names of a group are. */
function heapOf(view: View, at: number): { from: number; to: number } {
  view.expect(at, 'HEAP')
  const [length, from] = [view.offset(at + 8), view.offset(at + 24)]
  view.spend(from, length)
  return { from, to: from + length }
}

/** The names in a group and where their objects are, from a tree of tables. */
function links(
  view: View,
  at: number,
  heap: { from: number; to: number },
  depth: number,
): [string, number][] {
  if (depth > MAX_DEPTH) damaged('a group of its HDF5 is too deep')
  view.expect(at, 'TREE')
  const count = view.u16(at + 6)
  view.spend(at, 24 + 16 * count)
  return Array.from({ length: count }, (_, n) => view.offset(at + 32 + 16 * n)).flatMap((child) =>
    view.u8(at + 5) > 0 ? links(view, child, heap, depth + 1) : symbols(view, child, heap),
  )
}

function symbols(view: View, at: number, heap: { from: number; to: number }): [string, number][] {
  view.expect(at, 'SNOD')
  const count = view.u16(at + 6)
  view.spend(at, 8 + 40 * count)
  return Array.from({ length: count }, (_, n) => {
    const entry = at + 8 + 40 * n
    if (view.u32(entry + 16) > 1) damaged(newer)
    const name = heap.from + view.offset(entry)
    return [view.text(name, Math.min(heap.to, name + MAX_NAME)), view.offset(entry + 8)]
  })
}

function readDataset(view: View, space?: number, type?: number, layout?: Message): Dataset {
  if (space === undefined || type === undefined || layout === undefined)
    return damaged('an array of its HDF5 has no shape, type or place')
  const shape = shapeOf(view, space)
  const { name, width } = typeOf(view, type)
  const length = size(shape) * width
  const [version, kind] = [view.u8(layout.at), view.u8(layout.at + 1)]
  if (version < 3 || kind > 1) damaged('an array of its HDF5 is stored in chunks, or packed')
  if (length === 0) return { shape, type: name, bytes: new Uint8Array() }
  if (kind === 0) {
    // A small array lies in the header, whose bytes are spent.
    if (4 + length > layout.length) damaged('an array of its HDF5 is longer than its place')
    return { shape, type: name, bytes: view.bytes(layout.at + 4, length) }
  }
  const at = view.offset(layout.at + 2)
  view.spend(at, length)
  return { shape, type: name, bytes: view.bytes(at, length) }
}
