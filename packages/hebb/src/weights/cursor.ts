// Reads pieces of any length in lengths that are asked for.
import type { Pieces } from './pieces'

/** A place in a file that is read from its beginning to its end; `each` is told of every piece. */
export class Cursor {
  #rest: Uint8Array = new Uint8Array()
  readonly #pieces: AsyncIterator<Uint8Array>
  constructor(
    { pieces }: Pieces,
    readonly each: (piece: Uint8Array) => void,
  ) {
    this.#pieces = pieces[Symbol.asyncIterator]()
  }

  /** The next bytes: as many as there are at hand, at most `most`; none at the end. */
  async next(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#pieces.next()
      if (done) return this.#rest
      this.each(value)
      this.#rest = value
    }
    const bytes = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(most)
    return bytes
  }

  /** Exactly so many bytes, fewer only at the end, in a buffer of their own. */
  async exactly(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = []
    for (let left = length; left > 0; ) {
      const part = await this.next(left)
      if (part.length === 0) break
      parts.push(part)
      left -= part.length
    }
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }

  /** Gives the source back. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }
}
