import type { Engine } from '../engine/engine'

/**
 * Carries what a {@link Run} is told to its training in the engine. Requests are posted at once, so that what
 * is asked of the network behind a `pause()` finds it paused; what comes before the training is kept for it.
 */
export class RunControl {
  #paused = false
  #stopped = false
  #training: { engine: Engine; id: number } | undefined
  #over = false
  #resolveStarted = () => {}
  readonly #started = new Promise<void>((resolve) => {
    this.#resolveStarted = resolve
  })

  get paused(): boolean {
    return this.#paused
  }

  begin(engine: Engine, id: number): void {
    this.#training = { engine, id }
    if (this.#paused) this.#post('fitPause')
    if (this.#stopped) this.#post('fitStop')
    this.#resolveStarted()
  }

  /** After it everything here does nothing. */
  end(): void {
    this.#training = undefined
    this.#over = true
    this.#paused = false
    this.#resolveStarted()
  }

  pause(): void {
    if (this.#paused || this.#over) return
    this.#paused = true
    this.#post('fitPause')
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#post('fitResume')
  }

  stop(): void {
    this.#stopped = true
    this.#post('fitStop')
  }

  /** False if the training ends before so many minibatches are trained. */
  async step(batches: number): Promise<boolean> {
    this.pause()
    if (!this.#training) await this.#started
    if (!this.#training) return false
    const { engine, id } = this.#training
    return engine.ask('fitStep', [id, batches])
  }

  #post(method: 'fitPause' | 'fitResume' | 'fitStop'): void {
    // An engine that dies is heard of by the run.
    this.#training?.engine.ask(method, [this.#training.id]).catch(() => {})
  }
}
