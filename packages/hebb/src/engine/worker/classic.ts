// The engine's side of the classical models. Only minimisations outlive a request, because the caller computes their
// functions.
import * as glue from '../../../wasm/glue/hebb_wasm.js'
import type {
  ClassicMethods,
  Doubles,
  LineFit,
  MinimizeQuestion,
  MinimizeReport,
  PerceptronReport,
} from '../protocol'
import { inTimeSlices } from './eventLoop'

/** Samples that a perceptron trains on between two readings of the clock. */
const SAMPLES_PER_CLOCK_CHECK = 64

export class Classic implements ClassicMethods {
  readonly #samplesOf: (data: number) => glue.RawDataset
  readonly #minimizers = new Map<number, glue.RawMinimizer>()
  #started = 0

  /** `samplesOf` finds a data set by its number. */
  constructor(samplesOf: (data: number) => glue.RawDataset) {
    this.#samplesOf = samplesOf
  }

  neuronGate(gate: string, inputs: number): { weights: Float64Array; threshold: number } {
    return glue.neuronGate(JSON.stringify(gate), inputs)
  }

  neuronFire(weights: Float64Array, threshold: number, x: Float64Array): Uint8Array {
    return glue.neuronFire(weights, threshold, x)
  }

  async perceptronFit(options: string, x: Doubles, t: Uint32Array | undefined): Promise<PerceptronReport> {
    const raw = new glue.RawPerceptron(options, this.#doubles(x), this.#classes(x, t))
    try {
      await inTimeSlices(() => raw.advance(SAMPLES_PER_CLOCK_CHECK))
      return raw.report()
    } finally {
      raw.free()
    }
  }

  perceptronPredict(weights: Float64Array, inputs: number, x: Doubles): Uint32Array {
    return glue.perceptronPredict(weights, inputs, this.#doubles(x))
  }

  perceptronAccuracy(weights: Float64Array, inputs: number, x: Doubles, t: Uint32Array | undefined): number {
    return glue.perceptronAccuracy(weights, inputs, this.#doubles(x), this.#classes(x, t))
  }

  regressionClosedForm(x: Float64Array, features: number, t: Float64Array): Float64Array {
    return glue.regressionClosedForm(x, features, t)
  }

  async regressionDescend(
    options: string,
    start: Float64Array,
    x: Float64Array,
    t: Float64Array,
  ): Promise<MinimizeReport> {
    const raw = new glue.RawDescent(options, start, x, t)
    try {
      await inTimeSlices(() => raw.advance())
      return raw.report()
    } finally {
      raw.free()
    }
  }

  regressionPredict(parameters: Float64Array, x: Float64Array): Float64Array {
    return glue.regressionPredict(parameters, x)
  }

  regressionMeasure(parameters: Float64Array, x: Float64Array, t: Float64Array): LineFit {
    return glue.regressionMeasure(parameters, x, t)
  }

  async minimizeStart(
    method: string,
    options: string,
    x: Float64Array,
  ): Promise<{ id: number; question: MinimizeQuestion | undefined }> {
    const id = ++this.#started
    const raw = new glue.RawMinimizer(method, options, x)
    this.#minimizers.set(id, raw)
    try {
      await inTimeSlices(() => raw.advance())
    } catch (error) {
      this.minimizeEnd(id)
      throw error
    }
    return { id, question: raw.question() }
  }

  minimizeTell(id: number, answer: Float64Array): MinimizeQuestion | undefined {
    const raw = this.#minimizers.get(id)!
    raw.tell(answer)
    return raw.question()
  }

  minimizeReport(id: number): MinimizeReport {
    return this.#minimizers.get(id)!.report()
  }

  minimizeEnd(id: number): void {
    this.#minimizers.get(id)?.free()
    this.#minimizers.delete(id)
  }

  #doubles(x: Doubles): Float64Array {
    return typeof x === 'number' ? glue.dataDoubles(this.#samplesOf(x)) : x
  }

  #classes(x: Doubles, t: Uint32Array | undefined): Uint32Array {
    return t ?? glue.dataClasses(this.#samplesOf(x as number))
  }
}
