// Options and checks of all optimizers.
import { HebbError, shown } from '../errors'
import { checkKeys, checkNumber, refuse } from '../options'
import type { Schedule } from './schedule'

/**
 * How large gradients are clipped before the optimizer uses them: each element to ± `value`, or the whole gradient scaled
 * to the length `norm` if it is longer (the root of the sum of all squares). Both are above 0.
 */
export type Clip = { value: number; norm?: never } | { norm: number; value?: never }

/** The options of every minibatch optimizer. */
export interface Common {
  /** ε: a number above 0, or a schedule. */
  learningRate?: number | Schedule
  /** Default: no clipping. */
  clip?: Clip
}

/** An optimizer with a value for every option except `clip` and those that depend on the network. */
export type Made<T extends string, O extends Common, Open extends keyof O = never> = { type: T } & Required<
  Omit<O, 'clip' | Open>
> &
  Pick<O, 'clip' | Open>

/** Makes an optimizer from its options. The engine checks their ranges. */
export function make<T extends string, O extends Common, Open extends keyof O = never>(
  type: T,
  options: O,
  defaults: Required<Omit<O, 'clip' | Open>>,
): Made<T, O, Open> {
  checkKeys(type, options, [...new Set(['learningRate', ...Object.keys(defaults), 'clip'])])
  const usual = defaults as Record<string, unknown>
  for (const [key, value] of Object.entries(options)) {
    if (key === 'clip') checkClip(type, value)
    else if (key === 'learningRate') checkRate(type, value)
    else if (typeof usual[key] === 'number') checkNumber(type, key, value, () => true, 'and finite')
    else if (typeof value !== 'boolean') {
      refuse(type, key, 'true or false', value)
    }
  }
  return { type, ...defaults, ...options }
}

function checkRate(who: string, rate: unknown): void {
  if (typeof rate === 'number' && Number.isFinite(rate)) return
  if (typeof rate === 'object' && rate !== null && 'type' in rate) return
  const hint = 'a finite number, or a schedule, as schedule.cosine({ from: 0.1 })'
  refuse(who, 'learningRate', hint, rate)
}

function checkClip(who: string, clip: unknown): void {
  checkKeys(`${who}: clip`, clip as object, ['value', 'norm'])
  const [entry, another] = Object.entries(clip as object)
  if (!entry || another) {
    throw new HebbError('option', `${who}: clip is { value } or { norm }, got ${shown(clip)}`)
  }
  checkNumber(who, `clip.${entry[0]}`, entry[1], (most) => most > 0, 'finite and above 0')
}
