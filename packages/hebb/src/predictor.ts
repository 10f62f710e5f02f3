// The half of a network that answers, and leaves its weights as they are.
import { type Answer, toAnswers } from './answers'
import { concatenate } from './data/collate'
import { Dataset } from './data/dataset'
import { isPasses } from './data/flow'
import type { NamedShape } from './data/named'
import { pieces } from './data/pieces'
import type { Expected } from './data/sample'
import type { SampleStream } from './data/stream'
import type { Engine } from './engine/engine'
import type { Description } from './engine/protocol'
import { HebbError } from './errors'
import { type EvaluateOptions, type Evaluation, evaluate } from './evaluate'
import { Handle } from './handle'
import { checkKeys, checkWhole } from './options'
import { checkNames, type Samples, toBatch } from './samples'
import type { NetworkSpec } from './spec'
import { summarize } from './summary'
import { Output, size } from './tensor'

export abstract class Predictor extends Handle {
  protected readonly kind = 'network'
  readonly #spec: NetworkSpec
  readonly #description: Description
  /** The names of the classes, if they were given. */
  readonly classes: readonly string[] | undefined

  protected constructor(
    owner: Engine,
    id: number,
    spec: NetworkSpec,
    description: Description,
    classes?: readonly string[],
  ) {
    super(owner, 'disposeNetwork', id)
    this.#spec = spec
    this.#description = description
    this.classes = classes
  }

  /** @internal What the engine says of it. */
  get description(): Description {
    return this.#description
  }

  /** What it was made from. */
  get spec(): NetworkSpec {
    return this.#spec
  }

  /** How many parameters it has. */
  get parameters(): number {
    return this.#description.parameters
  }

  /** The outputs: their layers, the shapes for one sample and the activations. */
  get outputs(): Description['outputs'] {
    return this.#description.outputs
  }

  /** A table of its layers, their outputs for one sample and their parameters. */
  summary(): string {
    return summarize(this.#description)
  }

  /**
   * Loss and accuracy over a data set, or over a stream of samples, read once; with `metrics` also how classes were confused
   * (`'classification'`) or how far values were off (`'regression'`).
   */
  evaluate(data: Dataset | SampleStream, options: EvaluateOptions = {}): Promise<Evaluation> {
    return evaluate(this, data, options)
  }

  /** @internal What the samples of a stream must be like. */
  get expects(): Expected {
    const { inputs, outputs } = this.description
    return { inputs, outputs: outputs.map(({ name, shape }) => [name, shape] as const) }
  }

  /** @internal Refuses a data set with other inputs. */
  checkData(data: Dataset): void {
    const names = (inputs: readonly NamedShape[]) => inputs.map(([name]) => name)
    if (data.inputs) checkNames(names(data.inputs), names(this.description.inputs))
  }

  /**
   * The output for samples `[N, …input]`, as `[N, …output]`; for one sample of shape `[…input]`, as
   * `[…output]`; for a data set or a stream, for all its samples. Bytes are read as value / 255. A network with several
   * inputs takes them by name; for one with several outputs see {@link predictAll}.
   */
  async predict(input: Samples | Dataset | SampleStream): Promise<Output> {
    this.#checkOne()
    const { data, batch } = await this.#predict(input)
    return new Output(data, [...batch, ...this.outputs[0]!.shape])
  }

  /**
   * As {@link predict}, at once: for samples alone, where the engine lives in the calling thread, as after
   * `init({ thread: 'here' })`. The caller's thread computes meanwhile.
   */
  predictSync(input: Samples): Output {
    this.#checkOne()
    const { data, batch } = toBatch(input, this.description.inputs)
    const { engine, id } = this
    const core = engine.here
    try {
      const answer = core.predictSync(id, data)
      return new Output(answer, [...batch, ...this.outputs[0]!.shape])
    } catch (error) {
      throw engine.refused(error)
    }
  }

  #checkOne(): void {
    if (this.outputs.length === 1) return
    const names = this.outputs.map(({ name }) => name).join(', ')
    throw new HebbError('option', `the network has several outputs, ${names}: use predictAll`)
  }

  /** All outputs by their names, each as of {@link predict}. */
  async predictAll(input: Samples | Dataset | SampleStream): Promise<Record<string, Output>> {
    const { data, batch } = await this.#predict(input)
    const width = size(this.description.output)
    let from = 0
    const entries = this.outputs.map(({ name, shape }) => {
      const own = size(shape)
      const part = new Float32Array((data.length / width) * own)
      for (let sample = 0; sample * width < data.length; sample++) {
        part.set(data.subarray(sample * width + from, sample * width + from + own), sample * own)
      }
      from += own
      return [name, new Output(part, [...batch, ...shape])]
    })
    return Object.fromEntries(entries)
  }

  /** The values of all outputs, sample by sample, and the shape `[]` or `[N]` of the batch. */
  async #predict(
    input: Samples | Dataset | SampleStream,
  ): Promise<{ data: Float32Array; batch: readonly number[] }> {
    if (input instanceof Dataset) {
      this.checkData(input)
      return this.#inPieces(input)
    }
    // An array is the samples themselves.
    if (!Array.isArray(input) && isPasses(input)) return this.#inPieces(input as SampleStream)
    const { data, batch } = toBatch(input as Samples, this.description.inputs)
    const answer = await this.engine.predict(this.id, data)
    return { data: answer, batch }
  }

  /** As #predict, piece by piece. */
  async #inPieces(source: Dataset | SampleStream): Promise<{ data: Float32Array; batch: [number] }> {
    const answers: Float32Array[] = []
    let samples = 0
    const expected = { ...this.expects, outputs: undefined }
    for await (const { data, from, count } of pieces('predict', this.engine, source, expected)) {
      answers.push(await this.engine.ask('predictData', [this.id, data.id, from, count]))
      samples += count
    }
    if (samples === 0) throw new HebbError('data', 'predict: the stream had no samples')
    return { data: concatenate(false, answers) as Float32Array, batch: [samples] }
  }

  /**
   * What every layer makes of one sample or of `[N, …input]`, by the layer's name: its output behind its
   * activation, `[…]` or `[N, …]`.
   */
  async activations(input: Samples): Promise<Record<string, Output>> {
    const { inputs, input: shape, layers } = this.description
    const { data, batch } = toBatch(input, inputs)
    const held = await Dataset.create(this.engine, shape, data.slice())
    try {
      const all = await this.engine.ask('activations', [this.id, held.id])
      let from = 0
      const entries = layers.map(({ name, output }) => {
        const shape = [...batch, ...output]
        const part = all.slice(from, from + size(shape))
        from += part.length
        return [name, new Output(part, shape)]
      })
      return Object.fromEntries(entries)
    } finally {
      held.dispose()
    }
  }

  /** The likeliest classes of one sample, the best first. `top` says how many. Default 1. */
  async classify(input: Samples, options: { top?: number } = {}): Promise<Answer[]> {
    checkKeys('classify', options, ['top'])
    const top = checkWhole('classify', 'top', options.top ?? 1, 1)
    const { data, shape } = await this.predict(input)
    if (shape.length !== this.outputs[0]!.shape.length) {
      throw new HebbError('shape', 'classify takes one sample; for many use predict')
    }
    return toAnswers(data, this.classes).slice(0, top)
  }
}
