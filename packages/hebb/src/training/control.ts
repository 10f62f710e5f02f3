import type { Engine } from '../engine/engine'

/**
 * Sends the calls of a {@link Run} to its training in the engine. Requests are posted synchronously, so that calls made
 * after `pause()` see stable weights; calls made before the training starts are kept until then.
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

  /** Ends the control: later calls do nothing. */
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

  /** Resolves after `batches` minibatches; with false if the training ends before. */
  async step(batches: number): Promise<boolean> {
    this.pause()
    if (!this.#training) await this.#started
    if (!this.#training) return false
    const { engine, id } = this.#training
    return engine.ask('fitStep', [id, batches])
  }

  #post(method: 'fitPause' | 'fitResume' | 'fitStop'): void {
    // The run itself rejects if the engine dies.
    this.#training?.engine.ask(method, [this.#training.id]).catch(() => {})
  }
}
