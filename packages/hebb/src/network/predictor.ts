// The read-only half of Network: predict, evaluate, activations, classify.
import { Dataset } from '../data/dataset'
import { chunks } from '../data/streams/chunks'
import { concatenate } from '../data/streams/collate'
import type { SampleStream } from '../data/streams/minibatches'
import type { Expected } from '../data/streams/sample'
import { isSource } from '../data/streams/source'
import type { Engine } from '../engine/engine'
import { Handle } from '../engine/handle'
import type { Description } from '../engine/protocol'
import { HebbError, toJson } from '../errors'
import type { LossOption } from '../losses'
import { toLoss } from '../losses/option'
import { checkKeys, checkWhole } from '../options'
import { Output, size } from '../tensor'
import { type ClassScore, toClassScores } from './classify'
import { type Accuracy, type EvaluateOptions, type Evaluation, evaluate } from './evaluate'
import { type Samples, toFlatInput } from './input'
import type { NetworkSpec } from './spec'
import { split } from './split'
import { packStates, type State } from './state'
import { summarize } from './summary'

/** `A` is the type of its accuracy and probabilities: `number` if its last layer is known to classify. */
export abstract class Predictor<A extends number | undefined = number | undefined> extends Handle {
  /** @internal */
  readonly kind = 'network'
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
    super(owner, id, (engine, id) => engine.ask('disposeNetwork', [id]))
    this.#spec = spec
    this.#description = description
    this.classes = classes
  }

  /** @internal The engine's description. */
  get description(): Description {
    return this.#description
  }

  /** The spec that it was made from. */
  get spec(): NetworkSpec {
    return this.#spec
  }

  /** The number of parameters. */
  get parameters(): number {
    return this.#description.parameters
  }

  /** The multiply–adds of weights and inputs for one sample, as papers count them. */
  get multiplyAdds(): number {
    return this.#description.layers.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0)
  }

  /** The outputs: the names of their layers, their shapes for one sample and their activations. */
  get outputs(): Description['outputs'] {
    return this.#description.outputs
  }

  /** A table of the layers with their output shapes for one sample and their parameters. */
  summary(): string {
    return summarize(this.#description, this.multiplyAdds)
  }

  /**
   * Measures loss and accuracy over a data set, or over one pass of a stream; with `metrics` also the metrics of classes
   * (`'classification'`), of labels (`'labels'`) or of values (`'regression'`).
   *
   * The accuracy of a regression is undefined. Its type is `number` if the last layer is softmax, logSoftmax or sigmoid, or
   * if the loss is a cross-entropy or `'hinge'`; it is undefined all the same if the targets of a sigmoid are fractions.
   *
   * @throws HebbError `option`, `shape`, `data`
   */
  evaluate<const O extends EvaluateOptions>(
    data: Dataset | SampleStream,
    options: O = {} as O,
  ): Promise<Evaluation<Accuracy<A, O>>> {
    return evaluate(this, data, options) as Promise<Evaluation<Accuracy<A, O>>>
  }

  /** @internal The expected shapes of the samples of a stream. */
  get expects(): Expected {
    const { inputs, outputs } = this.description
    return { inputs, outputs: outputs.map(({ name, shape }) => [name, shape] as const) }
  }

  /**
   * The output `[N, …output]` for samples `[N, …input]`, or for all samples of a data set or a stream; `[…output]` for one
   * sample `[…input]`. Bytes are read as value / 255. A network with several inputs takes them by name; for several outputs
   * see {@link predictAll}.
   */
  predict(input: Samples | Dataset | SampleStream): Promise<Output>
  /**
   * The same for samples whose recurrent layers begin with `state` instead of their initial state, with the state after the last
   * time step: a next call continues from there. `state: {}` is the initial state: zeros, or what was learned.
   *
   * ```ts
   * let state = {}
   * for (const x of steps) ({ output, state } = await net.predict([x], { state }))
   * ```
   */
  predict(
    input: Samples,
    options: { state: State },
  ): Promise<{ output: Output; state: Record<string, Output> }>
  async predict(
    input: Samples | Dataset | SampleStream,
    options?: { state: State },
  ): Promise<Output | { output: Output; state: Record<string, Output> }> {
    this.#checkOne()
    if (options?.state !== undefined) return this.#continue(input as Samples, options)
    const { data, batch } = await this.#predict(input)
    return new Output(data, [...batch, ...this.outputs[0]!.shape])
  }

  /**
   * Like {@link predict}, but synchronous: only for samples, and only if the engine runs in the calling thread, as after
   * `init({ thread: 'here' })`. It blocks the calling thread.
   */
  predictSync(input: Samples): Output {
    this.#checkOne()
    const { data, batch } = toFlatInput(input, this.description.inputs)
    const { engine, id } = this
    const core = engine.here
    try {
      const answer = core.predictSync!(id, data, 0)
      return new Output(answer, [...batch, ...this.outputs[0]!.shape])
    } catch (error) {
      throw engine.refused(error)
    }
  }

  async #continue(
    input: Samples,
    options: { state: State },
  ): Promise<{ output: Output; state: Record<string, Output> }> {
    checkKeys('predict', options, ['state'])
    const { inputs, states } = this.description
    const own = states.map(({ name, features }) => [name, [features]] as const)
    const flat = toFlatInput(input, inputs)
    const { data, batch } = flat
    if (data instanceof Uint8Array) {
      throw new HebbError('data', 'predict with a state takes numbers, not bytes: give a Float32Array')
    }
    // What is learned changes with every training.
    const initial = states.some(({ learned }) => learned)
      ? await this.engine.ask('initialStates', [this.id])
      : undefined
    const before = packStates(options.state, own, flat, initial)
    const all = new Float32Array(data.length + before.length)
    all.set(data)
    all.set(before, data.length)
    const after = await this.engine.predict(this.id, all, before.length)
    const end = after.length - before.length
    const output = new Output(after.slice(0, end), [...batch, ...this.outputs[0]!.shape])
    return { output, state: split(after.subarray(end), own, batch) }
  }

  #checkOne(): void {
    if (this.outputs.length === 1) return
    const names = this.outputs.map(({ name }) => name).join(', ')
    throw new HebbError('option', `the network has several outputs, ${names}: use predictAll`)
  }

  /** All outputs by name, each as in {@link predict}. */
  async predictAll(input: Samples | Dataset | SampleStream): Promise<Record<string, Output>> {
    const { data, batch } = await this.#predict(input)
    const parts = this.outputs.map(({ name, shape }) => [name, shape] as const)
    return split(data, parts, batch)
  }

  /** The values of all outputs, sample by sample, and the dimension `[]` or `[N]` of the batch. */
  async #predict(
    input: Samples | Dataset | SampleStream,
  ): Promise<{ data: Float32Array; batch: readonly number[] }> {
    if (input instanceof Dataset) return this.#inChunks(input)
    // An array holds the samples, although it is iterable too.
    if (!Array.isArray(input) && isSource(input)) return this.#inChunks(input as SampleStream)
    const { data, batch } = toFlatInput(input as Samples, this.description.inputs)
    const answer = await this.engine.predict(this.id, data)
    return { data: answer, batch }
  }

  /** Like #predict, chunk by chunk. */
  async #inChunks(source: Dataset | SampleStream): Promise<{ data: Float32Array; batch: [number] }> {
    const answers: Float32Array[] = []
    let samples = 0
    const expected = { ...this.expects, outputs: undefined }
    for await (const { data, from, count } of chunks('predict', this.engine, source, expected)) {
      answers.push(await this.engine.ask('predictData', [this.id, data.id, from, count]))
      samples += count
    }
    if (samples === 0) throw new HebbError('data', 'predict: the stream had no samples')
    return { data: concatenate(false, answers) as Float32Array, batch: [samples] }
  }

  /**
   * The output of every layer after its activation, by the layer's name: `[…]` for one sample, `[N, …]` for samples
   * `[N, …input]`.
   */
  async activations(input: Samples): Promise<Record<string, Output>> {
    const { inputs, input: shape, layers } = this.description
    const { data, batch } = toFlatInput(input, inputs)
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

  /**
   * The classes or labels of one sample, the likeliest first, decided as {@link evaluate} counts them. `top` limits their
   * number; by default only the first class is returned, and all labels (several sigmoids), with `chosen` for those that
   * apply. `loss` is as in {@link evaluate}: it turns logits into probabilities, and a single output that is no sigmoid
   * into a class.
   *
   * @throws HebbError `option`, `shape`, `data`
   */
  async classify(
    input: Samples,
    options: { top?: number; loss?: LossOption } = {},
  ): Promise<ClassScore<A>[]> {
    checkKeys('classify', options, ['top', 'loss'])
    const top = options.top ?? undefined
    if (top !== undefined) checkWhole('classify', 'top', top, 1)
    this.#checkOne()
    const { inputs, input: shape } = this.description
    const { data, batch } = toFlatInput(input, inputs)
    if (batch.length > 0) throw new HebbError('shape', 'classify takes one sample; for many use predict')
    const loss = toJson('loss', toLoss(options.loss, this.outputs))
    const { id, engine } = this
    const decided = await engine.ask('classify', [id, Uint32Array.from(shape), data.slice(), loss])
    return toClassScores(decided, this.classes, top) as ClassScore<A>[]
  }
}
