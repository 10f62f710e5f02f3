// Options are exact: an unknown key is refused, and one known from another library named by its name here.
import { HebbError, shown } from './errors'

/** What other libraries call things (Keras, PyTorch, TensorFlow.js), and what they are called here. */
const ELSEWHERE: Record<string, string> = {
  kernel_size: 'kernel',
  kernelSize: 'kernel',
  poolSize: 'kernel',
  pool_size: 'kernel',
  strides: 'stride',
  out_channels: 'filters',
  outChannels: 'filters',
  out_features: 'units',
  outFeatures: 'units',
  p: 'rate',
  use_bias: 'bias',
  useBias: 'bias',
  kernelInitializer: 'initializer',
  kernel_initializer: 'initializer',
  lr: 'learningRate',
  learning_rate: 'learningRate',
  weight_decay: 'weightDecay',
  batch_size: 'batchSize',
  dilation_rate: 'dilation',
  dilationRate: 'dilation',
  ceil_mode: 'ceilMode',
  count_include_pad: 'countPadding',
  eps: 'epsilon',
  betas: 'beta1',
  beta_1: 'beta1',
  beta_2: 'beta2',
  centred: 'centered',
  clipnorm: 'clip',
  clipvalue: 'clip',
  clipNorm: 'clip',
  clipValue: 'clip',
  global_clipnorm: 'clip',
  initial_accumulator_value: 'initialAccumulator',
  initialAccumulatorValue: 'initialAccumulator',
  momentum_decay: 'momentumDecay',
  max_lr: 'peak',
  gamma: 'factor',
  step_size: 'every',
  gradient_accumulation_steps: 'accumulate',
  inboundNodes: 'from',
  validationData: 'selection',
  validation_data: 'selection',
  validationSplit: 'selection',
  validation_split: 'selection',
  verbose: 'progress',
  callbacks: 'onEpochEnd',
}

/** Refuses keys that are not in `allowed`; `who` begins the message. */
export function checkKeys(who: string, options: object, allowed: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new HebbError('option', `${who} takes an object of options, got ${shown(options)}`)
  }
  for (const key of Object.keys(options)) {
    if (allowed.includes(key)) continue
    const here = ELSEWHERE[key]
    const hint = here && allowed.includes(here) ? `use "${here}"` : `it knows ${allowed.join(', ')}`
    throw new HebbError('option', `${who} has no option "${key}": ${hint}`)
  }
}

/** A whole number of at least `least` and at most `most`, or an error. */
export function checkWhole(
  who: string,
  name: string,
  value: unknown,
  least: number,
  most = 0x7fffffff,
): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
    const limits = `at least ${least}${most < 0x7fffffff || (typeof value === 'number' && value > most) ? ` and at most ${most}` : ''}`
    throw new HebbError('option', `${who}: ${name} must be a whole number of ${limits}, got ${shown(value)}`)
  }
  return value
}

/** A number or a pair `[h, w]`, as a pair. */
export function pair(who: string, name: string, value: unknown, least: number): [number, number] {
  const two = Array.isArray(value) ? value : [value, value]
  if (two.length !== 2) throw new HebbError('option', `${who}: ${name} must be a number or a pair [h, w]`)
  return [checkWhole(who, name, two[0], least), checkWhole(who, name, two[1], least)]
}

/** One of some names, or an error that lists them. */
export function checkName<T extends string>(
  who: string,
  name: string,
  value: unknown,
  names: readonly T[],
): T {
  if (typeof value === 'string' && (names as readonly string[]).includes(value)) return value as T
  throw new HebbError('option', `${who}: ${name} must be one of ${names.join(', ')}, got ${shown(value)}`)
}

/** A finite number in some range, or an error. */
export function checkNumber(
  who: string,
  name: string,
  value: unknown,
  ok: (value: number) => boolean,
  range: string,
): number {
  if (typeof value === 'number' && Number.isFinite(value) && ok(value)) return value
  throw new HebbError('option', `${who}: ${name} must be a number, ${range}, got ${shown(value)}`)
}
