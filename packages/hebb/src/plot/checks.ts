import { refuse } from '../options'
import type { Limits } from './axis'

/** Returns a text, or throws; '' if there is none. */
export function checkText(who: string, name: string, value: unknown): string {
  return typeof value === 'string' || value === undefined ? (value ?? '') : refuse(who, name, 'a text', value)
}

/** Returns the limits of an axis, or throws. */
export function checkLimits(who: string, name: string, value: unknown, log = false): Limits {
  const [low, high] = Array.isArray(value) && value.length === 2 ? value : []
  const fine = Number.isFinite(low) && Number.isFinite(high) && low < high && (!log || low > 0)
  // A difference that is not finite has no middle.
  if (!fine || !Number.isFinite(high - low))
    refuse(who, name, `[low, high]${log ? ' above 0' : ''}, low below high`, value)
  return [low, high]
}

/** Whether a value is a list of pairs of numbers. */
export function isPoints(value: unknown): value is readonly (readonly [x: number, y: number])[] {
  const isPoint = (one: unknown) =>
    Array.isArray(one) && one.length === 2 && one.every((number) => typeof number === 'number')
  return Array.isArray(value) && [...value].every(isPoint)
}

/** Whether a value is a list of numbers, or an array of them with a type. */
export function isNumbers(value: unknown): value is ArrayLike<number> {
  if (Array.isArray(value)) return [...value].every((one) => typeof one === 'number')
  const isTyped = ArrayBuffer.isView(value) && !(value instanceof DataView)
  return isTyped && typeof ((value as unknown as ArrayLike<unknown>)[0] ?? 0) === 'number'
}
