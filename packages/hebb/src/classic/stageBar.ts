import { builtin } from '../engine/platform'

const BAR_CHARACTERS = 24

/** The progress of a fit in stages on stderr: a bar on a terminal, and a line per stage with its time. */
export class StageBar {
  readonly #stages: readonly string[]
  readonly #out: { isTTY?: boolean; write(text: string): void } | undefined
  #stage = 0
  #started = performance.now()

  constructor(stages: readonly string[]) {
    this.#stages = stages
    this.#out = builtin('node:process') ? process.stderr : undefined
  }

  show(stage: number, part: number): void {
    while (this.#stage < stage) this.end()
    if (!this.#out?.isTTY) return
    const filled = Math.round(BAR_CHARACTERS * part)
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_CHARACTERS - filled)
    this.#out.write(`\r\x1b[2K${this.#stages[stage]} ${bar} ${(100 * part).toFixed(0)} %`)
  }

  /** Ends the stage. */
  end(): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1)
    this.#out?.write(`${this.#out.isTTY ? '\r\x1b[2K' : ''}${this.#stages[this.#stage]}  ${seconds} s\n`)
    this.#stage++
    this.#started = performance.now()
  }
}
