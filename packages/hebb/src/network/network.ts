import { Dataset, fromArrays, type TargetInput } from '../data/dataset'
import type { NamedInput } from '../data/named'
import type { SampleStream } from '../data/streams/minibatches'
import { networkEngine } from '../engine/engines'
import { HebbError, toJson } from '../errors'
import type { SavedState } from '../interop/optimizerState'
import type { FileParts } from '../interop/writeSafetensors'
import type { ClassNames, Deciding, Fitting, Inputs, Layer, Shaped } from '../layers'
import type { LossOption, Regularization } from '../losses'
import { toLossIndex } from '../losses/option'
import { type StepOption, toStepOptimizer } from '../optimizers'
import { tabulated } from '../optimizers/tabulate'
import { checkFlag, checkKeys } from '../options'
import { type Bytes, type Floats, type Input, size, type Tensor } from '../tensor'
import { Run } from '../training/fit'
import { checkFree } from '../training/lock'
import type { FitOptions } from '../training/options'
import { flattenTensors, unflattenTensors } from './parameters'
import { Predictor } from './predictor'
import { networkBytes, networkFile, type SaveOptions, saveNetwork } from './save'
import { type NetworkOptions, type NetworkSpec, toSpec } from './spec'
import type { GradientCheck, Trace } from './trace'

const traces = () => import('./trace')

/** Gradients by parameter name, and the loss. */
export interface Gradients {
  gradients: Record<string, Tensor>
  loss: number
}

/** The optimizer that a network remembers. */
export interface OptimizerState {
  /** The name of the optimizer. */
  type: string
  /** Updates of the weights so far. */
  steps: number
}

/**
 * A network that trains. Made by {@link network} or {@link loadNetwork}. `A` is the type of its accuracy: `number` if its
 * last layer is softmax, logSoftmax or sigmoid.
 */
export class Network<A extends number | undefined = number | undefined> extends Predictor<A> {
  static override get name() {
    return 'Network'
  }
  #optimizer: OptimizerState | undefined

  /** @internal With `blank` all weights are 0, for those that are set next: drawing 61 million takes seconds. */
  static async create(spec: NetworkSpec, classes?: readonly string[], blank = false): Promise<Network> {
    const owner = await networkEngine()
    const { id, description } = await owner.ask('network', [toJson('network', spec), blank])
    const outputs = size(description.output)
    // A single output separates two classes.
    const names = Math.max(outputs, 2)
    if (classes && (description.outputs.length > 1 || classes.length !== names)) {
      owner.ask('disposeNetwork', [id]).catch(() => {})
      const hint = outputs === 1 ? ': give two names' : ''
      throw new HebbError(
        'shape',
        `${classes.length} class names for a network with ${outputs} outputs${hint}`,
      )
    }
    return new Network(owner, id, spec, description, classes)
  }

  /**
   * Trains on a data set, or on a stream of samples `{ x, t }` as {@link datasets.batches} reads them. For more than one
   * epoch the stream must be a function that opens a new pass, or an iterable that can be iterated again. The engine trains
   * on one minibatch while the next is fetched. The source is closed at the end of the run; if the source throws, the run
   * rejects with that error and the network keeps the weights of the last step. Await the run for its history, or iterate
   * over it for progress; pause, step and stop it. A second `fit` with the same optimizer continues the first: 10 + 10 epochs
   * give the same bits as 20 with the same options and data; the history's `optimizer` says so. During the run the network
   * can be used and saved, but not changed: a second `fit`, `update` and `setWeights` are refused (`option`), and `dispose`
   * ends the run (`disposed`).
   *
   * @throws HebbError `option`, `shape`, `data` before the first step; `diverged` if the loss is no longer finite, with the
   * weights from before that step; `disposed`; `engineLost`
   */
  fit(data: Dataset | SampleStream, options: FitOptions = {}): Run {
    return new Run(this, data, options)
  }

  /**
   * The gradient of a loss over a batch, by parameter name: one half of a custom training loop. Dropout draws another mask
   * after each {@link update}.
   */
  async gradients(
    x: Input | NamedInput | Dataset,
    t?: TargetInput,
    options: { loss?: LossOption; regularization?: Regularization } = {},
  ): Promise<Gradients> {
    checkKeys('gradients', options, ['loss', 'regularization'])
    return this.#batch(x, t, options, async (data, loss) => {
      const answer = await this.engine.ask('gradients', [this.id, data.id, loss])
      return { gradients: unflattenTensors(answer.gradients, this.#trained), loss: answer.loss }
    })
  }

  /**
   * All values of a training step, with the symbols of the course notes: what {@link gradients} and {@link update} would
   * compute, layer by layer. The network does not change. The only schedule allowed is a constant one.
   *
   * @throws HebbError `option`, `shape`, `data`; `diverged` if the step would not be finite
   */
  async trace(
    x: Input | NamedInput | Dataset,
    t?: TargetInput,
    options: { loss?: LossOption; regularization?: Regularization; optimizer?: StepOption } = {},
  ): Promise<Trace> {
    checkKeys('trace', options, ['loss', 'regularization', 'optimizer'])
    const optimizer = toJson('trace', tabulated(this.#stepping(options.optimizer)))
    return this.#batch(x, t, options, async (data, loss) => {
      const values = await this.engine.ask('trace', [this.id, data.id, loss, optimizer])
      return (await traces()).toTrace(values, this.description, data.samples)
    })
  }

  /**
   * Compares the gradient with finite differences of the loss, for up to 64 parameters of each tensor, for example of a
   * custom formula. The network does not change. Activations with kinks, such as ReLU, may differ at a kink.
   */
  async checkGradients(
    x: Input | NamedInput | Dataset,
    t?: TargetInput,
    options: { loss?: LossOption; regularization?: Regularization } = {},
  ): Promise<GradientCheck> {
    checkKeys('checkGradients', options, ['loss', 'regularization'])
    return this.#batch(x, t, options, async (data, loss) => {
      const values = await this.engine.ask('checkGradients', [this.id, data.id, loss])
      return (await traces()).toCheck(values, this.#trained)
    })
  }

  /** Calls `use` with the batch as a data set in the engine, which exists during the call, and with the loss as JSON. */
  async #batch<R>(
    x: Input | NamedInput | Dataset,
    t: TargetInput | undefined,
    options: { loss?: LossOption; regularization?: Regularization },
    use: (data: Dataset, loss: string) => Promise<R>,
  ): Promise<R> {
    const data = x instanceof Dataset ? x : await fromArrays(x, t)
    try {
      return await use(data, toJson('loss', toLossIndex(options, this.outputs)))
    } finally {
      if (data !== x) data.dispose()
    }
  }

  /**
   * One step of an optimizer with given gradients: the other half of a custom training loop. The network keeps the
   * optimizer's state until the optimizer or its options change; `learningRate` and `clip` may change. The only schedule
   * allowed is a constant one.
   */
  async update(gradients: Record<string, Floats>, optimizer?: StepOption): Promise<void> {
    checkFree(this)
    const { flat } = flattenTensors(gradients, this.#trained, 'gradients')
    const made = this.#stepping(optimizer)
    const steps = await this.engine.ask(
      'update',
      [this.id, flat, toJson('update', tabulated(made))],
      [flat.buffer as ArrayBuffer],
    )
    this.remember(made.type, steps)
  }

  #stepping(optimizer: StepOption | undefined) {
    return toStepOptimizer(optimizer, this.parameters)
  }

  /**
   * The optimizer whose steps the network remembers, and their number: the steps of {@link fit} and {@link update} with the
   * same options except learning rate and `clip`. A `fit` with that optimizer continues them. With another optimizer it
   * starts anew, and also after {@link setWeights}, {@link loadNetwork} of a file without it, a step that diverged, weights that `patience`
   * restored, and a full-batch optimizer. Undefined if there are none.
   */
  get optimizerState(): OptimizerState | undefined {
    return this.#optimizer
  }

  /** @internal Records the optimizer and its steps, as the engine reports them. */
  remember(type: string, steps: number | undefined): void {
    this.#optimizer = steps ? { type, steps } : undefined
  }

  /** A copy of all parameters by name: `<layer>.weight` (conv2d `[F, C, KH, KW]`, dense `[units, inputs]`), `<layer>.bias`. */
  async weights(): Promise<Record<string, Tensor>> {
    return unflattenTensors(await this.engine.ask('parameters', [this.id]), this.description.tensors)
  }

  /**
   * Replaces all parameters, with the names and shapes of {@link weights}; with `partial` only those that are given. The
   * optimizer's state is reset. {@link readSafetensors} reads weights from a file.
   *
   * @throws HebbError `shape` with the missing and unknown names, or with a shape that does not fit the network; `data` if a
   * value is not finite
   */
  async setWeights(weights: Record<string, Floats>, options: { partial?: boolean } = {}): Promise<void> {
    checkFree(this)
    checkKeys('setWeights', options, ['partial'])
    const partial = checkFlag('setWeights', 'partial', options.partial ?? false)
    await this.adopt(weights, undefined, partial)
  }

  /** @internal Takes the weights and the optimizer's state of a file, also during a training. */
  async adopt(weights: Record<string, Floats>, state?: SavedState, partial = false): Promise<void> {
    const { flat, places } = flattenTensors(weights, this.description.tensors, 'weights', partial)
    const transfer = [flat.buffer]
    if (partial) await this.engine.ask('setSome', [this.id, flat, places], transfer)
    else await this.engine.ask('setParameters', [this.id, flat], transfer)
    this.remember('', 0)
    if (!state) return
    const { text, type, values } = state
    this.remember(type, await this.engine.ask('setOptimizerState', [this.id, text, values]))
  }

  /** The tensors that have gradients. */
  get #trained() {
    return this.description.tensors.filter(({ trained }) => trained)
  }

  /** @internal The weights, and the optimizer's state of the same moment. */
  async checkpoint(): Promise<{ weights: Record<string, Tensor>; state?: string; values?: Float32Array }> {
    const { parameters, ...optimizer } = await this.engine.ask('checkpoint', [this.id])
    return { weights: unflattenTensors(parameters, this.description.tensors), ...optimizer }
  }

  /** @internal A file of the network with the optimizer's state and more. */
  fileWith(more: FileParts): Promise<Bytes> {
    return networkFile(this, true, more)
  }

  /**
   * The network as the bytes of a safetensors file, with its spec and class names in the metadata; with `optimizer: true`
   * also the optimizer's state. {@link loadNetwork} restores it, and the next `fit` with the same optimizer, options and data
   * goes on as if it had not been interrupted: with the same bits.
   */
  toBytes(options: SaveOptions = {}): Promise<Bytes> {
    return networkBytes(this, options)
  }

  /**
   * Writes {@link toBytes} to a file, in Node. An existing file is replaced atomically.
   *
   * @throws HebbError `file`
   */
  save(path: string | URL, options: SaveOptions = {}): Promise<void> {
    return saveNetwork(this, path, options)
  }
}

/**
 * Makes a network from the shape of one sample (`[features]`, `[T, features]` of T time steps, or `[C, H, W]`) and its layers.
 * Each layer reads the layer before it, or those that it names with `from`. Several inputs are given by name: `{ image: [1, 28, 28], age: [1] }`.
 *
 * @example const net = await network([2], [dense({ units: 2, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })])
 * @throws HebbError `shape` if layers do not fit each other, `option`, `memory`
 */
export async function network<
  const I extends Inputs | readonly number[],
  const L extends readonly Layer[],
  const C extends readonly string[] = readonly string[],
>(
  input: Shaped<I>,
  layers: Fitting<I, L>,
  options: NetworkOptions<ClassNames<I, L, C>> = {},
): Promise<Network<Deciding<L>>> {
  // Where types are not checked a message may stand for what it complains of: that is checked at run time.
  const own = options as NetworkOptions
  const spec = toSpec(input as Inputs, layers as readonly Layer[], own)
  return Network.create(spec, own.classes) as Promise<Network<Deciding<L>>>
}
