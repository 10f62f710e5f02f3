// Reads and writes the messages of ONNX's files. All fields are checked, because a file may be damaged or hostile.
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { HebbError } from '../../errors'
import { type Field, type Kind, MESSAGES, type MessageName, type Model } from './messages'

type Message = Record<string, unknown>

/** Refuses a file that is damaged, or no ONNX file at all. */
export function damaged(why: string): never {
  throw new HebbError('file', `this is not a usable ONNX file: ${why}`)
}

/** Reads a model. The values of its tensors alias the bytes. */
export function readModel(bytes: Uint8Array): Model {
  return read('Model', bytes) as unknown as Model
}

function read(name: MessageName, bytes: Uint8Array): Message {
  try {
    return readMessage(name, bytes, blank(name))
  } catch (error) {
    if (error instanceof HebbError) throw error
    return damaged(error instanceof RangeError ? 'it ends too early' : (error as Error).message)
  }
}

const isMessage = (kind: string): kind is MessageName => kind in MESSAGES
const LISTS: readonly string[] = ['ints', 'floats', 'texts', 'blobs']

/** A message without fields: lists are empty, numbers 0; messages that do not repeat are missing. */
function blank(name: MessageName): Message {
  const message: Message = {}
  for (const [key, kind, repeated] of Object.values(MESSAGES[name])) {
    if (repeated || LISTS.includes(kind)) message[key] = []
    else if (kind === 'text') message[key] = ''
    else if (kind === 'bytes' || kind === 'packed') message[key] = new Uint8Array()
    else if (!isMessage(kind)) message[key] = 0
  }
  return message
}

function readMessage(name: MessageName, bytes: Uint8Array, into: Message): Message {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const field = MESSAGES[name][number]
    if (field) readField(reader, wire, field, into)
    else reader.skip(wire, number)
  }
  return into
}

const SINGLE: Partial<Record<Kind, WireType>> = {
  int: WireType.Varint,
  ints: WireType.Varint,
  float: WireType.Bit32,
  floats: WireType.Bit32,
}

function readField(reader: BinaryReader, wire: WireType, [key, kind, repeated]: Field, into: Message): void {
  const single = isMessage(kind) ? undefined : SINGLE[kind]
  const packed = (kind === 'ints' || kind === 'floats') && wire === WireType.LengthDelimited
  if (wire !== (single ?? WireType.LengthDelimited) && !packed) damaged(`${key} has the wire type ${wire}`)
  if (isMessage(kind)) {
    // A message that comes twice is merged, as protocol buffers say.
    const before = repeated ? undefined : (into[key] as Message | undefined)
    const value = readMessage(kind, reader.bytes(), before ?? blank(kind))
    if (repeated) (into[key] as Message[]).push(value)
    else into[key] = value
    return
  }
  if (packed) {
    const inner = new BinaryReader(reader.bytes())
    while (inner.pos < inner.len) (into[key] as unknown[]).push(readValue(inner, kind))
    return
  }
  const value = readValue(reader, kind)
  if (LISTS.includes(kind)) (into[key] as unknown[]).push(value)
  else if (kind === 'packed' && (into[key] as Uint8Array).length > 0) damaged(`${key} comes in pieces`)
  else into[key] = value
}

function readValue(reader: BinaryReader, kind: Kind): unknown {
  if (kind === 'int' || kind === 'ints') return Number(reader.int64())
  if (kind === 'float' || kind === 'floats') return reader.float()
  return kind === 'text' || kind === 'texts' ? reader.string() : reader.bytes()
}

/** The bytes of a model; fields that are missing, empty or 0 are not written. */
export function writeModel(model: object): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  writeMessage(writer, 'Model', model as Message)
  return writer.finish() as Uint8Array<ArrayBuffer>
}

function writeMessage(writer: BinaryWriter, name: MessageName, message: Message): void {
  for (const [number, [key, kind, repeated]] of Object.entries(MESSAGES[name])) {
    const value = message[key]
    if (value === undefined) continue
    const values = (repeated || LISTS.includes(kind) ? value : [value]) as unknown[]
    for (const one of values) {
      writer.tag(Number(number), (isMessage(kind) ? undefined : SINGLE[kind]) ?? WireType.LengthDelimited)
      if (isMessage(kind)) {
        writer.fork()
        writeMessage(writer, kind, one as Message)
        writer.join()
      } else writeValue(writer, kind, one)
    }
  }
}

function writeValue(writer: BinaryWriter, kind: Kind, value: unknown): void {
  if (kind === 'int' || kind === 'ints') writer.int64(value as number)
  else if (kind === 'float' || kind === 'floats') writer.float(value as number)
  else if (kind === 'text' || kind === 'texts') writer.string(value as string)
  else writer.bytes(value as Uint8Array)
}
