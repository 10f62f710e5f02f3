// Options are exact: an unknown key is refused, and one known from another library named by its name here.
import { HebbError, shown } from './errors'

/**
 * What other libraries call things (Keras, PyTorch, TensorFlow.js), in small letters without underscores, and what they
 * are called here.
 */
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
  countincludepad: 'countPadding',
  eps: 'epsilon',
  betas: 'beta1',
  centred: 'centered',
  clipnorm: 'clip',
  clipvalue: 'clip',
  globalclipnorm: 'clip',
  initialaccumulatorvalue: 'initialAccumulator',
  maxlr: 'peak',
  gamma: 'factor',
  stepsize: 'every',
  gradientaccumulationsteps: 'accumulate',
  inboundnodes: 'from',
  validationdata: 'selection',
  validationsplit: 'selection',
  verbose: 'progress',
  callbacks: 'onEpochEnd',
}

const plain = (word: string) => word.replace(/[_\s-]/g, '').toLowerCase()

/** What a word of another library, or of another spelling, is called here, if it is one of `names`. */
export function known<T extends string>(
  word: unknown,
  names: readonly T[],
  aliases: Record<string, string> = ALIASES,
): T | undefined {
  if (typeof word !== 'string') return undefined
  // `batch_size` is batchSize without being in the list.
  const own = plain(word)
  return names.find((name) => name === aliases[own] || plain(name) === own)
}

/** Refuses keys that are not in `allowed`; `who` begins the message. */
export function checkKeys(who: string, options: object, allowed: readonly string[]): void {
  // No Date, Map or array: these have no options to read.
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

/** Says that an option is not what it must be. */
export function refuse(who: string, name: string, must: string, value: unknown): never {
  throw new HebbError('option', `${who}: ${name} must be ${must}, got ${shown(value)}`)
}

/** Whether this is a list of texts. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && [...value].every((text) => typeof text === 'string')
}

/** True or false, or an error. */
export function checkFlag(who: string, name: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : refuse(who, name, 'true or false', value)
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
    refuse(who, name, `a whole number of ${limits}`, value)
  }
  return value
}

/** A number or a pair `[h, w]`, as a pair. */
export function pair(who: string, name: string, value: unknown, least: number): [number, number] {
  const two = Array.isArray(value) ? value : [value, value]
  if (two.length !== 2) refuse(who, name, 'a number or a pair [h, w]', value)
  return [checkWhole(who, name, two[0], least), checkWhole(who, name, two[1], least)]
}

/** One of some names, or an error that lists them, or says which one is meant: `aliases` knows what others call them. */
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

/** A finite number in some range, or an error. */
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
