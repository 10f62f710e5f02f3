import { concatenate } from './data/collate'
import { Dataset, fromArrays, type TypedClasses } from './data/dataset'
import { isPasses } from './data/flow'
import type { NamedInput, NamedShape } from './data/named'
import { pieces } from './data/pieces'
import type { Expected } from './data/sample'
import type { SampleStream } from './data/stream'
import { type Engine, engine } from './engine/engine'
import type { Description } from './engine/protocol'
import { HebbError, toJson } from './errors'
import { Handle } from './handle'
import { networkBytes, saveNetwork } from './interop/save'
import type { ClassNames, Fitting, Inputs, Layer } from './layers'
import { type LossOption, type Regularization, toIndex } from './losses'
import { KINDS, type Metrics, type MetricsKind, toMetrics } from './metrics'
import { type StepOption, toStepOptimizer } from './optimizers'
import { tabulated } from './optimizers/custom'
import { checkKeys, checkName, checkWhole } from './options'
import { byName, inARow } from './parameters'
import { checkNames, type Samples, toBatch } from './samples'
import { summarize } from './summary'
import { type Input, Output, type Tensor } from './tensor'
import { type GradientCheck, type Trace, toCheck, toTrace } from './trace'
import { checkFree } from './training/busy'
import { Run } from './training/fit'
import type { FitOptions } from './training/options'

export interface NetworkOptions<Classes extends readonly string[] = readonly string[]> {
  /** The seed of the initial weights and of dropout. Default 0. */
  seed?: number
  /** The names of the classes, one for each output. */
  classes?: Classes
  /** The names of the layers whose outputs are the network's. Default: the last layer. */
  outputs?: readonly string[]
}

/** What a network is made from: all that a saved model says of it. */
export interface NetworkSpec {
  /** The shape of one sample, or the inputs with their shapes. */
  input: readonly number[] | readonly NamedShape[]
  seed: number
  layers: readonly Layer[]
  outputs?: readonly string[]
}

/** How to evaluate. */
export interface EvaluateOptions {
  /** As of `fit`. */
  loss?: LossOption
  /** Likewise. */
  regularization?: Regularization
  /** What to measure beside loss and accuracy. */
  metrics?: MetricsKind
}

export interface Evaluation extends Metrics {
  /** The loss index: error term + regularisation term. */
  loss: number
  /** The regularisation term in it; 0 unless `regularization` is given. */
  regularization: number
  /** The part of right answers: largest output, or a single output's side of ½; over all outputs, if there are several. */
  accuracy: number
  samples: number
}

export interface Answer {
  label: string
  /** The class number. */
  index: number
  /** The output for this class: behind softmax its probability. */
  probability: number
}

/** A network of any shape. */
export type AnyNetwork = Network

/** Gradients by parameter name, and the loss they belong to. */
export interface Gradients {
  gradients: Record<string, Tensor>
  loss: number
}

/** A network that trains. Made by {@link network} or {@link loadNetwork}. */
export class Network extends Handle {
  static override readonly name: string = 'Network'
  protected readonly kind = 'network'
  readonly #spec: NetworkSpec
  readonly #description: Description
  /** The names of the classes, if they were given. */
  readonly classes: readonly string[] | undefined

  private constructor(
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

  /** @internal */
  static async create(spec: NetworkSpec, classes?: readonly string[]): Promise<Network> {
    const owner = await engine()
    const { id, description } = await owner.ask('network', [toJson('network', spec)])
    const outputs = size(description.output)
    if (classes && (description.outputs.length > 1 || classes.length !== outputs)) {
      owner.ask('disposeNetwork', [id]).catch(() => {})
      throw new HebbError('shape', `${classes.length} class names for a network with ${outputs} outputs`)
    }
    return new Network(owner, id, spec, description, classes)
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
   * Trains on a data set, or on a stream of samples `{ x, t }` as {@link datasets.batches} reads them; for more than
   * one epoch that is a function that begins a new pass, or what can be iterated over again. The engine trains on one
   * minibatch while the next is fetched, and the source is asked for no more than is needed; it is closed however
   * the run ends, and what it throws the run rejects with, the weights being those of the last step. Await the run for its history, or iterate over it for progress; pause, step and stop it.
   * Meanwhile the network can be used and saved, but not changed: a second `fit`, `update` and `setWeights` are
   * refused (`option`), and `dispose` ends the run (`disposed`).
   *
   * @throws HebbError `option`, `shape`, `data` before the first step; `diverged` if the loss leaves the
   * finite numbers, the weights then being those before the step; `disposed`; `engineLost`
   */
  fit(data: Dataset | SampleStream, options: FitOptions = {}): Run {
    return new Run(this, data, options)
  }

  /**
   * Loss and accuracy over a data set, or over a stream of samples, read once; with `metrics` also how classes were confused
   * (`'classification'`) or how far values were off (`'regression'`).
   */
  async evaluate(data: Dataset | SampleStream, options: EvaluateOptions = {}): Promise<Evaluation> {
    checkKeys('evaluate', options, ['loss', 'regularization', 'metrics'])
    const { metrics } = options
    const kind =
      metrics === undefined ? 0 : 1 + KINDS.indexOf(checkName('evaluate', 'metrics', metrics, KINDS))
    const loss = toJson('loss', toIndex(options, this.outputs))
    if (data instanceof Dataset) this.checkData(data)
    else if (!isPasses(data)) {
      throw new HebbError('data', 'evaluate takes a data set, or a stream of samples { x, t }')
    } else if (/normalized[^}]*Error"[^,]/.test(loss)) {
      throw new HebbError('option', 'normalizedSquaredError of a stream: give the variance of its targets')
    }
    let sums: Float64Array = new Float64Array()
    let samples = 0
    for await (const piece of pieces('evaluate', this.engine, data, this.expects)) {
      const { data: part, from, count } = piece
      sums = await this.engine.ask('evaluate', [this.id, part.id, from, count, loss, kind, sums])
      samples += count
    }
    if (samples === 0) throw new HebbError('data', 'evaluate: the stream had no samples')
    const answer = await this.engine.ask('evaluated', [this.id, loss, kind, sums])
    const [value, regularization, accuracy, ...rest] = answer
    return {
      loss: value!,
      regularization: regularization!,
      accuracy: accuracy!,
      samples,
      ...toMetrics(metrics, rest, size(this.#description.output)),
    }
  }

  /** @internal What the samples of a stream must be like. */
  get expects(): Expected {
    const { inputs, outputs } = this.#description
    return { inputs, outputs: outputs.map(({ name, shape }) => [name, shape] as const) }
  }

  /** @internal Refuses a data set with other inputs. */
  checkData(data: Dataset): void {
    if (data.inputs) {
      checkNames(
        data.inputs.map(([name]) => name),
        this.#description.inputs.map(([name]) => name),
      )
    }
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
    const { data, samples, single } = toBatch(input, this.#description.inputs)
    const { engine, id } = this
    const core = engine.here
    try {
      const answer = core.predictSync(id, data)
      return new Output(answer, single ? this.outputs[0]!.shape : [samples, ...this.outputs[0]!.shape])
    } catch (error) {
      if (!(error instanceof HebbError)) engine.trapped(error)
      throw engine.lost ?? error
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
    const width = size(this.#description.output)
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
    const { data, samples, single } = toBatch(input as Samples, this.#description.inputs)
    const answer = await this.engine.ask('predict', [this.id, data], [data.buffer as ArrayBuffer])
    return { data: answer, batch: single ? [] : [samples] }
  }

  /** As #predict, piece by piece. */
  async #inPieces(from: Dataset | SampleStream): Promise<{ data: Float32Array; batch: [number] }> {
    const answers: Float32Array[] = []
    let samples = 0
    const expected = { ...this.expects, outputs: undefined }
    for await (const piece of pieces('predict', this.engine, from, expected)) {
      const { data, from, count } = piece
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
    const { inputs, input: shape, layers } = this.#description
    const { data, samples, single } = toBatch(input, inputs)
    const batch = single ? [] : [samples]
    const held = await Dataset.create(this.engine, shape, data)
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
    const answers = Array.from(data, (probability, index) => ({
      label: this.classes?.[index] ?? String(index),
      index,
      probability,
    }))
    return answers.sort((a, b) => b.probability - a.probability).slice(0, top)
  }

  /** The gradient of a loss over a batch, by parameter name: one half of a training loop of one's own. */
  async gradients(
    x: Input | NamedInput | Dataset,
    t?: Input | TypedClasses | NamedInput,
    options: { loss?: LossOption; regularization?: Regularization } = {},
  ): Promise<Gradients> {
    checkKeys('gradients', options, ['loss', 'regularization'])
    return this.#batch(x, t, options, async (data, loss) => {
      const answer = await this.engine.ask('gradients', [this.id, data.id, loss])
      return { gradients: byName(answer.gradients, this.#trained), loss: answer.loss }
    })
  }

  /**
   * A training step laid open, by the symbols of the course notes: what {@link gradients} and {@link update} would do,
   * layer by layer. The network stays as it is. Of schedules only a constant is allowed.
   *
   * @throws HebbError `option`, `shape`, `data`; `diverged` where the step would leave the finite numbers
   */
  async trace(
    x: Input | NamedInput | Dataset,
    t?: Input | TypedClasses | NamedInput,
    options: { loss?: LossOption; regularization?: Regularization; optimizer?: StepOption } = {},
  ): Promise<Trace> {
    checkKeys('trace', options, ['loss', 'regularization', 'optimizer'])
    const optimizer = toJson('trace', tabulated(toStepOptimizer(options.optimizer)))
    return this.#batch(x, t, options, async (data, loss) => {
      const values = await this.engine.ask('trace', [this.id, data.id, loss, optimizer])
      return toTrace(values, this.#description, data.samples)
    })
  }

  /**
   * Compares the gradient with finite differences of the loss, for up to 64 parameters of each tensor: for layers and
   * formulas of one's own. The network stays as it is. Activations with kinks, as ReLU, may differ at a kink.
   */
  async checkGradients(
    x: Input | NamedInput | Dataset,
    t?: Input | TypedClasses | NamedInput,
    options: { loss?: LossOption; regularization?: Regularization } = {},
  ): Promise<GradientCheck> {
    checkKeys('checkGradients', options, ['loss', 'regularization'])
    return this.#batch(x, t, options, async (data, loss) => {
      const values = await this.engine.ask('checkGradients', [this.id, data.id, loss])
      return toCheck(values, this.#trained)
    })
  }

  /** Hands a batch to the engine, for as long as `use` takes, and the loss as it knows it. */
  async #batch<R>(
    x: Input | NamedInput | Dataset,
    t: Input | TypedClasses | NamedInput | undefined,
    options: { loss?: LossOption; regularization?: Regularization },
    use: (data: Dataset, loss: string) => Promise<R>,
  ): Promise<R> {
    const data = x instanceof Dataset ? x : await fromArrays(x, t)
    try {
      this.checkData(data)
      return await use(data, toJson('loss', toIndex(options, this.outputs)))
    } finally {
      if (data !== x) data.dispose()
    }
  }

  /**
   * One step of an optimizer along gradients: the other half. The optimizer's state stays in the network, until it is
   * another one or has other options; `learningRate` and `clip` may change. Of schedules only a constant is allowed.
   */
  async update(gradients: Record<string, Tensor>, optimizer?: StepOption): Promise<void> {
    checkFree(this)
    const flat = inARow(gradients, this.#trained, 'gradients')
    await this.engine.ask(
      'update',
      [this.id, flat, toJson('update', tabulated(toStepOptimizer(optimizer)))],
      [flat.buffer as ArrayBuffer],
    )
  }

  /** A copy of all parameters by name: `<layer>.weight` (conv2d `[F, C, KH, KW]`, dense `[units, inputs]`), `<layer>.bias`. */
  async weights(): Promise<Record<string, Tensor>> {
    return byName(await this.engine.ask('parameters', [this.id]), this.#description.tensors)
  }

  /** Replaces all parameters. */
  async setWeights(weights: Record<string, Tensor>): Promise<void> {
    checkFree(this)
    const flat = inARow(weights, this.#description.tensors, 'weights')
    await this.engine.ask('setParameters', [this.id, flat], [flat.buffer as ArrayBuffer])
  }

  /** The tensors that have gradients. */
  get #trained() {
    return this.#description.tensors.filter(({ trained }) => trained)
  }

  /** The network as the bytes of a safetensors file, its spec and class names in the metadata. */
  toBytes(): Promise<Uint8Array<ArrayBuffer>> {
    return networkBytes(this)
  }

  /**
   * Writes {@link toBytes} to a file, in Node. A file of that name is replaced in one move.
   *
   * @throws HebbError `file`
   */
  save(path: string | URL): Promise<void> {
    return saveNetwork(this, path)
  }
}

/**
 * A network from the shape of one sample (`[features]` or `[C, H, W]`) and its layers. Each layer reads the one
 * before, or those that it names with `from`. Several inputs are given by name: `{ image: [1, 28, 28], age: [1] }`.
 *
 * @example const net = await network([2], [dense({ units: 2, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })])
 * @throws HebbError `shape` if layers do not fit each other, `option`, `memory`
 */
export async function network<const I extends Inputs, const L extends readonly Layer[]>(
  input: I,
  layers: L & Fitting<I, L>,
  options: NetworkOptions<ClassNames<I, L>> = {},
): Promise<Network> {
  checkKeys('network', options, ['seed', 'classes', 'outputs'])
  if (typeof input !== 'object' || input === null || !Array.isArray(layers)) {
    throw new HebbError('option', 'network takes the shape of one sample and a list of layers')
  }
  const shape = (sizes: unknown): readonly number[] => {
    if (!Array.isArray(sizes)) throw new HebbError('option', 'network: a shape is a list of whole numbers')
    return sizes.map((n) => checkWhole('network', 'each size of the input', n, 1))
  }
  const seed = checkWhole('network', 'seed', options.seed ?? 0, 0)
  const inputs = Array.isArray(input)
    ? shape(input)
    : Object.entries(input).map(([name, sizes]): NamedShape => [name, shape(sizes)])
  const spec = { input: inputs, seed, layers: layers as readonly Layer[] }
  return Network.create(options.outputs ? { ...spec, outputs: options.outputs } : spec, options.classes)
}

function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}
