import { bar, StatusLine } from '../engine/statusLine'

/** The progress of a fit in stages on stderr: a bar on a terminal, and a line per stage with its time. */
export class StageBar {
  readonly #stages: readonly string[]
  readonly #line = new StatusLine()
  #stage = 0
  #started = performance.now()

  constructor(stages: readonly string[]) {
    this.#stages = stages
  }

  show(stage: number, part: number): void {
    while (this.#stage < stage) this.end()
    this.#line.show(`${this.#stages[stage]} ${bar(part)} ${(100 * part).toFixed(0)} %`)
  }

  /** Ends the stage. */
  end(): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1)
    this.#line.end(`${this.#stages[this.#stage]}  ${seconds} s`)
    this.#stage++
    this.#started = performance.now()
  }
}
