import { Dataset, fromArrays } from './data/dataset'
import { type Engine, engine } from './engine/engine'
import { builtin } from './engine/platform'
import type { Description } from './engine/protocol'
import { HebbError } from './errors'
import { Handle } from './handle'
import { writeSafetensors } from './interop/safetensors'
import type { ClassNames, Fitting, Layer, Shape } from './layers'
import { type LossOption, toLoss } from './losses'
import { type OptimizerOption, toOptimizer } from './optimizers'
import { checkKeys, checkWhole } from './options'
import { summarize } from './summary'
import { type Input, Output, type Tensor, toTensor } from './tensor'
import { checkFree } from './training/busy'
import { Run } from './training/fit'
import type { FitOptions } from './training/options'

/** How many samples one request of a long evaluation or prediction takes, so that others get a turn. */
const CHUNK = 1024

export interface NetworkOptions<Classes extends readonly string[] = readonly string[]> {
  /** The seed of the initial weights and of dropout. Default 0. */
  seed?: number
  /** The names of the classes, one for each output. */
  classes?: Classes
}

export interface Evaluation {
  loss: number
  /** The part of right answers: largest output, or a single output's side of ½. */
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
  protected readonly kind = 'network'
  readonly #spec: { input: readonly number[]; seed: number; layers: readonly Layer[] }
  readonly #description: Description
  /** The names of the classes, if they were given. */
  readonly classes: readonly string[] | undefined

  private constructor(
    owner: Engine,
    id: number,
    spec: Network['spec'],
    description: Description,
    classes?: readonly string[],
  ) {
    super(owner, 'disposeNetwork', id)
    this.#spec = spec
    this.#description = description
    this.classes = classes
  }

  /** @internal */
  static async create(spec: Network['spec'], classes?: readonly string[]): Promise<Network> {
    const owner = await engine()
    const { id, description } = await owner.ask('network', [JSON.stringify(spec)])
    const outputs = size(description.output)
    if (classes && classes.length !== outputs) {
      owner.ask('disposeNetwork', [id]).catch(() => {})
      throw new HebbError('shape', `${classes.length} class names for a network with ${outputs} outputs`)
    }
    return new Network(owner, id, spec, description, classes)
  }

  /** What it was made from. */
  get spec(): { input: readonly number[]; seed: number; layers: readonly Layer[] } {
    return this.#spec
  }

  /** How many parameters it has. */
  get parameters(): number {
    return this.#description.parameters
  }

  /** @internal */
  get lastActivation(): string | undefined {
    return this.#description.layers.findLast(({ type }) => type !== 'flatten')?.activation
  }

  /** A table of its layers, their outputs for one sample and their parameters. */
  summary(): string {
    return summarize(this.#description)
  }

  /**
   * Trains on a data set. Await the run for its history, or iterate over it for progress; pause, step and stop it.
   * Meanwhile the network can be used and saved, but not changed: a second `fit`, `update` and `setWeights` are
   * refused (`option`), and `dispose` ends the run (`disposed`).
   *
   * @throws HebbError `option`, `shape`, `data` before the first step; `diverged` if the loss leaves the
   * finite numbers, the weights then being those before the step; `disposed`; `engineLost`
   */
  fit(data: Dataset, options: FitOptions = {}): Run {
    return new Run(this, data, options)
  }

  /** Loss and accuracy over a data set. */
  async evaluate(data: Dataset, options: { loss?: LossOption } = {}): Promise<Evaluation> {
    checkKeys('evaluate', options, ['loss'])
    const loss = JSON.stringify(toLoss(options.loss, this.lastActivation))
    let [sum, correct] = [0, 0]
    for (let from = 0; from < data.samples; from += CHUNK) {
      const count = Math.min(CHUNK, data.samples - from)
      void data.engine
      const [partSum, partCorrect] = await this.engine.ask('evaluate', [this.id, data.id, from, count, loss])
      sum += partSum!
      correct += partCorrect!
    }
    const divisor = loss.includes('sumSquaredError') ? 1 : data.samples
    return { loss: sum / divisor, accuracy: correct / data.samples, samples: data.samples }
  }

  /**
   * The outputs for samples `[N, …input]`, as `[N, …output]`; for one sample of shape `[…input]`, as
   * `[…output]`; for a data set, for all its samples. Bytes are read as value / 255.
   */
  async predict(input: Input | Dataset): Promise<Output> {
    const { output } = this.#description
    if (input instanceof Dataset) {
      const all = new Float32Array(input.samples * size(output))
      for (let from = 0; from < input.samples; from += CHUNK) {
        const count = Math.min(CHUNK, input.samples - from)
        void input.engine
        const part = await this.engine.ask('predictData', [this.id, input.id, from, count])
        all.set(part, from * size(output))
      }
      return new Output(all, [input.samples, ...output])
    }
    const { data, shape } = toTensor(input)
    const single = this.#isSingle(shape)
    const samples = single ? 1 : shape[0]!
    const args = [this.id, data, samples, Uint32Array.from(this.#description.input)] as const
    const answer = await this.engine.ask('predict', [...args], [data.buffer as ArrayBuffer])
    return new Output(answer, single ? output : [samples, ...output])
  }

  /**
   * What every layer makes of one sample or of `[N, …input]`, by the layer's name: its output behind its
   * activation, `[…]` or `[N, …]`.
   */
  async activations(input: Input): Promise<Record<string, Output>> {
    const { data, shape } = toTensor(input)
    const batch = this.#isSingle(shape) ? [] : [shape[0]!]
    const samples = await Dataset.create(this.engine, this.#description.input, data)
    try {
      const all = await this.engine.ask('activations', [this.id, samples.id])
      let from = 0
      const entries = this.#description.layers.map(({ name, output }) => {
        const shape = [...batch, ...output]
        const part = all.slice(from, from + size(shape))
        from += part.length
        return [name, new Output(part, shape)]
      })
      return Object.fromEntries(entries)
    } finally {
      samples.dispose()
    }
  }

  /** Whether the shape is that of one sample; anything but that or a batch is an error. */
  #isSingle(shape: readonly number[]): boolean {
    const { input } = this.#description
    const equal = (a: readonly number[]) => a.length === input.length && a.every((n, i) => n === input[i])
    if (equal(shape)) return true
    if (equal(shape.slice(1))) return false
    throw new HebbError(
      'shape',
      `the network expects samples of shape [${input}] or [N, ${input}], got [${shape}]`,
    )
  }

  /** The likeliest classes of one sample, the best first. `top` says how many. Default 1. */
  async classify(input: Input, options: { top?: number } = {}): Promise<Answer[]> {
    checkKeys('classify', options, ['top'])
    const top = checkWhole('classify', 'top', options.top ?? 1, 1)
    const { data, shape } = await this.predict(input)
    if (shape.length !== this.#description.output.length) {
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
  async gradients(x: Input | Dataset, t?: Input, options: { loss?: LossOption } = {}): Promise<Gradients> {
    checkKeys('gradients', options, ['loss'])
    const data = x instanceof Dataset ? x : await fromArrays(x, t)
    try {
      const loss = JSON.stringify(toLoss(options.loss, this.lastActivation))
      const answer = await this.engine.ask('gradients', [this.id, data.id, loss])
      return { gradients: this.#byName(answer.gradients), loss: answer.loss }
    } finally {
      if (data !== x) data.dispose()
    }
  }

  /** One step of an optimizer along gradients: the other half. The optimizer's state stays in the network. */
  async update(gradients: Record<string, Tensor>, optimizer?: OptimizerOption): Promise<void> {
    checkFree(this)
    const flat = this.#flat(gradients, 'gradients')
    await this.engine.ask(
      'update',
      [this.id, flat, JSON.stringify(toOptimizer(optimizer))],
      [flat.buffer as ArrayBuffer],
    )
  }

  /** A copy of all parameters by name: `<layer>.weight` (conv2d `[F, C, KH, KW]`, dense `[units, inputs]`), `<layer>.bias`. */
  async weights(): Promise<Record<string, Tensor>> {
    return this.#byName(await this.engine.ask('parameters', [this.id]))
  }

  /** Replaces all parameters. */
  async setWeights(weights: Record<string, Tensor>): Promise<void> {
    checkFree(this)
    const flat = this.#flat(weights, 'weights')
    await this.engine.ask('setParameters', [this.id, flat], [flat.buffer as ArrayBuffer])
  }

  #byName(flat: Float32Array): Record<string, Tensor> {
    const entries = this.#description.tensors.map(({ name, shape, offset, size }) => [
      name,
      { data: flat.slice(offset, offset + size), shape },
    ])
    return Object.fromEntries(entries)
  }

  #flat(named: Record<string, Tensor>, what: string): Float32Array {
    const flat = new Float32Array(this.parameters)
    const { tensors } = this.#description
    for (const { name, shape, offset, size } of tensors) {
      const data = named?.[name]?.data
      if (!data) throw new HebbError('shape', `${what}: "${name}" of shape [${shape}] is missing`)
      if (data.length !== size) {
        throw new HebbError(
          'shape',
          `${what}: "${name}" must have shape [${shape}], got ${data.length} values`,
        )
      }
      flat.set(data, offset)
    }
    for (const name of Object.keys(named)) {
      if (!tensors.some((tensor) => tensor.name === name)) {
        throw new HebbError('shape', `${what}: the network has no parameter "${name}"`)
      }
    }
    return flat
  }

  /** The network as the bytes of a safetensors file, its spec and class names in the metadata. */
  async toBytes(): Promise<Uint8Array<ArrayBuffer>> {
    const weights = await this.weights()
    const tensors = Object.entries(weights).map(([name, tensor]) => ({ name, ...tensor }))
    const hebb = JSON.stringify({
      version: 1,
      spec: this.#spec,
      ...(this.classes ? { classes: this.classes } : {}),
    })
    return writeSafetensors(tensors, { format: 'pt', hebb })
  }

  /** Writes {@link toBytes} to a file, in Node. A file of that name is replaced in one move. */
  async save(path: string | URL): Promise<void> {
    const files = builtin<typeof import('node:fs')>('node:fs')
    if (!files)
      throw new HebbError(
        'option',
        'in a browser there are no files: use toBytes() and offer it as a download',
      )
    const beside = `${path instanceof URL ? builtin<typeof import('node:url')>('node:url')!.fileURLToPath(path) : path}`
    await files.promises.writeFile(`${beside}.part`, await this.toBytes())
    await files.promises.rename(`${beside}.part`, beside)
  }
}

/**
 * A network from the shape of one sample (`[features]` or `[C, H, W]`) and its layers.
 *
 * @example const net = await network([2], [dense({ units: 2, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })])
 * @throws HebbError `shape` if layers do not fit each other, `option`, `memory`
 */
export async function network<const I extends Shape, const L extends readonly Layer[]>(
  input: I,
  layers: L & Fitting<I, L>,
  options: NetworkOptions<ClassNames<I, L>> = {},
): Promise<Network> {
  checkKeys('network', options, ['seed', 'classes'])
  if (!Array.isArray(input) || !Array.isArray(layers)) {
    throw new HebbError('option', 'network takes the shape of one sample and a list of layers')
  }
  input.forEach((n) => void checkWhole('network', 'each size of the input', n, 1))
  const seed = checkWhole('network', 'seed', options.seed ?? 0, 0)
  return Network.create({ input, seed, layers: layers as readonly Layer[] }, options.classes)
}

function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}
