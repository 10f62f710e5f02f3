// Checks of options. An unknown key is refused; for a key of another library the message gives Hebb's name.
import { HebbError, shown } from './errors'

/** Names of options in Keras, PyTorch and TensorFlow.js, in lower case without underscores, and Hebb's names. */
const ALIASES: Record<string, string> = {
  kernelsize: 'kernel',
  poolsize: 'kernel',
  strides: 'stride',
  outchannels: 'filters',
  outfeatures: 'units',
  p: 'rate',
  usebias: 'bias',
  kernelinitializer: 'initializer',
  lr: 'learningRate',
  dilationrate: 'dilation',
  eps: 'epsilon',
  betas: 'beta1',
  centred: 'centered',
  clipnorm: 'clip',
  clipvalue: 'clip',
  initialaccumulatorvalue: 'initialAccumulator',
  maxlr: 'peak',
  gamma: 'factor',
  stepsize: 'every',
  gradientaccumulationsteps: 'accumulate',
  validationdata: 'selection',
  validationsplit: 'selection',
  verbose: 'progress',
  callbacks: 'onEpochEnd',
}

const plain = (word: string) => word.replace(/[_\s-]/g, '').toLowerCase()

/** Hebb's name for a word of another library or in another spelling, if it is one of `names`. */
export function known<T extends string>(
  word: unknown,
  names: readonly T[],
  aliases: Record<string, string> = ALIASES,
): T | undefined {
  if (typeof word !== 'string') return undefined
  // `batch_size` is recognized as batchSize without an alias.
  const own = plain(word)
  return names.find((name) => name === aliases[own] || plain(name) === own)
}

/** Throws if a key is not in `allowed`; `who` begins the message. */
export function checkKeys(who: string, options: object, allowed: readonly string[]): void {
  // A Date, a Map or an array has no options.
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    const [first] = allowed
    const hint = first ? `: write { ${first}: ${typeof options === 'number' ? options : '…'} }` : ''
    throw new HebbError('option', `${who} takes an object of options, got ${shown(options)}${hint}`)
  }
  for (const key of Object.keys(options)) {
    if (allowed.includes(key)) continue
    const here = known(key, allowed)
    const hint = here ? `use "${here}"` : `it knows ${allowed.join(', ')}`
    throw new HebbError('option', `${who} has no option "${key}": ${hint}`)
  }
}

/** Throws that an option is not what it must be. */
export function refuse(who: string, name: string, must: string, value: unknown): never {
  throw new HebbError('option', `${who}: ${name} must be ${must}, got ${shown(value)}`)
}

/** Whether a value is a list of strings. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && [...value].every((text) => typeof text === 'string')
}

/** Returns a boolean, or throws. */
export function checkFlag(who: string, name: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : refuse(who, name, 'true or false', value)
}

/** Throws unless a value is a function or undefined. */
export function checkCallback(who: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') refuse(who, name, 'a function', value)
}

/** Returns an integer from `least` to `most`, or throws. */
export function checkWhole(
  who: string,
  name: string,
  value: unknown,
  least: number,
  most = 0x7fffffff,
): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
    const limits = `at least ${least}${most < 0x7fffffff || (typeof value === 'number' && value > most) ? ` and at most ${most}` : ''}`
    refuse(who, name, `a whole number of ${limits}`, value)
  }
  return value
}

/** Returns a number or a pair `[h, w]` as a pair. */
export function pair(who: string, name: string, value: unknown, least: number): [number, number] {
  const two = Array.isArray(value) ? value : [value, value]
  if (two.length !== 2) refuse(who, name, 'a number or a pair [h, w]', value)
  return [checkWhole(who, name, two[0], least), checkWhole(who, name, two[1], least)]
}

/** Returns one of some names, or throws with the name that is meant, found by `aliases`, or with all names. */
export function checkName<T extends string>(
  who: string,
  name: string,
  value: unknown,
  names: readonly T[],
  aliases?: Record<string, string>,
): T {
  if ((names as readonly unknown[]).includes(value)) return value as T
  const here = known(value, names, aliases)
  return refuse(who, name, here ? `"${here}"` : `one of ${names.join(', ')}`, value)
}

/** Returns a finite number in a range, or throws. */
export function checkNumber(
  who: string,
  name: string,
  value: unknown,
  ok: (value: number) => boolean,
  range: string,
): number {
  if (typeof value === 'number' && Number.isFinite(value) && ok(value)) return value
  return refuse(who, name, `a number, ${range}`, value)
}
