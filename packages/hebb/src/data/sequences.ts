// Sequences of different lengths: filled up to the same number of time steps, with their lengths beside them.
import { networkEngine } from '../engine/engines'
import { HebbError, shown } from '../errors'
import { checkKeys, checkName, checkWhole } from '../options'
import type { Input } from '../tensor'
import { Dataset, type TargetInput, toTargets } from './dataset'
import { join, type NamedShape } from './named'
import { padded, readSequence } from './padding'

export interface SequenceOptions {
  /**
   * The most time steps, T of the network's {@link sequences}: shorter sequences are filled up with zeros, which do not count.
   * Without it all sequences must have the same number, and the samples are `[T, features]`.
   */
  steps?: number
  /** What a target belongs to: to a whole `'sequence'`, which is the default, or to each `'step'` of it. */
  per?: 'sequence' | 'step'
}

/**
 * The input of a network for sequences of up to `steps` time steps `[steps, features]`, each with its own length. Recurrent layers
 * keep a sample's state when it has ended; its later time steps count in no loss, accuracy or gradient, and what the network
 * answers there is of no meaning. Without `features` a time step is one number, such as a token.
 *
 * @example const net = await network(sequences(20, 3), [gru({ units: 16 }), dense({ units: 2, activation: 'softmax' })])
 */
export function sequences<const T extends number, const F extends number>(
  steps: T,
  features: F,
): { input: readonly [T, F]; 'input.lengths': readonly [1] }
export function sequences<const T extends number>(
  steps: T,
): { input: readonly [T]; 'input.lengths': readonly [1] }
export function sequences(steps: number, features?: number): never {
  checkWhole('sequences', 'steps', steps, 1)
  const shape = features === undefined ? [steps] : [steps, checkWhole('sequences', 'features', features, 1)]
  return { input: shape, 'input.lengths': [1] } as never
}

/**
 * Makes a data set of a list of sequences, each `[steps, features]`; a list of numbers has one feature. With `steps` they may
 * have different lengths, for a network of {@link sequences}.
 *
 * Targets are, as those of {@link fromArrays}, class numbers or values per sequence; with `per: 'step'` a list for each sequence:
 * a class number or a row of values for each of its time steps.
 *
 * @example await datasets.fromSequences([[[1], [2]], [[3]]], [0, 1], { steps: 5 })
 * @throws HebbError `shape`, `data`, `option`
 */
export async function fromSequences(
  sequences: readonly Input[],
  t?: TargetInput | readonly Input[],
  options: SequenceOptions = {},
): Promise<Dataset> {
  checkKeys('fromSequences', options, ['steps', 'per'])
  const most =
    options.steps === undefined ? undefined : checkWhole('fromSequences', 'steps', options.steps, 1)
  const per = checkName('fromSequences', 'per', options.per ?? 'sequence', ['sequence', 'step'])
  if (!Array.isArray(sequences) || sequences.length === 0) {
    throw new HebbError('data', `fromSequences takes a list of sequences, got ${shown(sequences)}`)
  }
  const read = sequences.map((one, number) => readSequence(`sequence ${number}`, one))
  const lengths = read.map(({ shape }) => shape[0]!)
  const steps = most ?? lengths[0]!
  const other = lengths.findIndex((length) => length !== steps)
  if (most === undefined && other >= 0) {
    const longest = lengths.reduce((a, b) => Math.max(a, b))
    throw new HebbError(
      'shape',
      `sequence 0 has ${steps} time steps, sequence ${other} has ${lengths[other]}: give steps: ${longest}, and make the network with sequences(${longest}, ${read[0]!.shape[1]})`,
    )
  }
  const x = padded('sequence', read, steps)
  const targets = t === undefined ? undefined : toStepTargets(t, per, lengths, steps)
  const engine = await networkEngine()
  const { data, shape } = x
  if (most === undefined) return Dataset.create(engine, shape.slice(1), data, targets)
  const { data: all, shapes } = join({
    input: x,
    'input.lengths': { data: Float32Array.from(lengths), shape: [lengths.length, 1] },
  })
  return Dataset.create(engine, [all.length / lengths.length], all, targets, {
    inputs: shapes as NamedShape[],
  })
}

function toStepTargets(
  t: TargetInput | readonly Input[],
  per: 'sequence' | 'step',
  lengths: readonly number[],
  steps: number,
): Uint32Array | Float32Array {
  if (per === 'sequence') return toTargets(t as TargetInput, lengths.length).t
  if (!Array.isArray(t) || t.length !== lengths.length) {
    throw new HebbError('shape', `fromSequences needs targets for each of the ${lengths.length} sequences`)
  }
  const classes = (one: unknown) => Array.isArray(one) && one.every(Number.isInteger)
  const read = t.map((one, number) => {
    const tensor = readSequence(`the targets of sequence ${number}`, one as Input)
    if (tensor.shape[0] === lengths[number]) return tensor
    throw new HebbError(
      'shape',
      `sequence ${number} has ${lengths[number]} time steps and ${tensor.shape[0]} targets: each time step needs one`,
    )
  })
  const { data } = padded('the targets of sequence', read, steps)
  if (!t.every(classes)) return data
  const negative = data.find((number) => number < 0)
  if (negative === undefined) return Uint32Array.from(data)
  throw new HebbError(
    'data',
    `class numbers count from 0, got ${negative}; values are rows: [[${negative}], …]`,
  )
}
