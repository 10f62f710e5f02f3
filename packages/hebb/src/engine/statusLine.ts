import { builtin } from './platform'

const BAR_CHARACTERS = 24

/** A bar, of which a part is filled. */
export function bar(part: number): string {
  const filled = Math.min(BAR_CHARACTERS, Math.round(BAR_CHARACTERS * part))
  return '█'.repeat(filled) + '░'.repeat(BAR_CHARACTERS - filled)
}

/** A line on stderr that is replaced while something lasts: on a terminal. In a page there is none. */
export class StatusLine {
  readonly #out = builtin<{ stderr: { isTTY?: boolean; write(text: string): void } }>('node:process')?.stderr

  /** Whether it is seen. */
  get live(): boolean {
    return !!this.#out?.isTTY
  }

  show(text: string): void {
    if (this.live) this.#out!.write(`\r\x1b[2K${text}`)
  }

  /** Ends the line with a text that stays, also if it is no terminal. */
  end(text: string): void {
    this.#out?.write(`${this.live ? '\r\x1b[2K' : ''}${text}\n`)
  }
}
