// The bytes of an HDF5 file, little-endian.
import { damaged } from './damaged'

export class View {
  readonly #view: DataView
  #left: number
  readonly #texts = new Map<number, Map<number, { at: number; length: number }>>()

  constructor(private readonly file: Uint8Array) {
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength)
    this.#left = file.length
  }

  u8 = (at: number): number => this.#view.getUint8(at)
  u16 = (at: number): number => this.#view.getUint16(at, true)
  u32 = (at: number): number => this.#view.getUint32(at, true)

  /** A place or a length of 8 bytes. */
  offset(at: number): number {
    const value = this.#view.getBigUint64(at, true)
    return value <= this.file.length ? Number(value) : damaged('its HDF5 refers to what is not in the file')
  }

  /** To be called before these bytes are read, once: what is read is not more than the file. */
  spend(at: number, length: number): void {
    this.#left -= length
    if (!(at + length <= this.file.length && this.#left >= 0))
      damaged('its HDF5 refers to more than the file has')
  }

  bytes(at: number, length: number): Uint8Array {
    if (at + length > this.file.length) damaged('its HDF5 ends too early')
    return this.file.subarray(at, at + length)
  }

  expect(at: number, signature: string): void {
    if (this.string(at, 4) !== signature) damaged(`its HDF5 has no ${signature} where it should be`)
  }

  string = (at: number, length: number): string => new TextDecoder().decode(this.bytes(at, length))

  /** The text up to a zero byte, before `end`. */
  text(at: number, end: number): string {
    let to = at
    while (to < end && this.u8(to) !== 0) to++
    return this.string(at, to - at)
  }

  /** The object of a global heap: an array of some length. */
  heapObject(heap: number, number: number): Uint8Array {
    const objects = this.#texts.get(heap) ?? this.#heap(heap)
    const { at, length } = objects.get(number) ?? damaged('a text of its HDF5 is missing')
    objects.delete(number)
    return this.bytes(at, length)
  }

  #heap(heap: number) {
    this.expect(heap, 'GCOL')
    const end = heap + this.offset(heap + 8)
    this.spend(heap, end - heap)
    const objects = new Map<number, { at: number; length: number }>()
    for (let at = heap + 16; at + 16 <= end && this.u16(at) !== 0; ) {
      const length = this.offset(at + 8)
      if (at + 16 + length > end) damaged('a text of its HDF5 is too long')
      objects.set(this.u16(at), { at: at + 16, length })
      at += 16 + 8 * Math.ceil(length / 8)
    }
    this.#texts.set(heap, objects)
    return objects
  }
}
