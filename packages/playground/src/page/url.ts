// The state of a page lives in its address, so that a link shows the same picture.
import { effect, type Signal, signal } from '@preact/signals'

/** Writes a value into the address and reads it; `read` answers undefined for what it does not understand. */
export interface Codec<T> {
  write: (value: T) => string
  read: (text: string) => T | undefined
}

const asked = new URLSearchParams(location.search)
const kept: { name: string; signal: Signal<unknown> }[] = []

/** A signal that the address remembers while it differs from `initial`. */
export function remembered<T>(name: string, initial: T, { write, read }: Codec<T>): Signal<T> {
  const text = asked.get(name)
  const own = signal<T>((text === null ? undefined : read(text)) ?? initial)
  kept.push({ name, signal: own as Signal<unknown> })
  const usual = write(initial)
  effect(() => {
    const now = write(own.value)
    if (now === usual) asked.delete(name)
    else asked.set(name, now)
    later()
  })
  return own
}

/** Browsers limit how often a page may change its address. */
let waits = false
function later(): void {
  if (waits) return
  waits = true
  setTimeout(() => {
    waits = false
    history.replaceState(null, '', address())
  }, 250)
}

/** The address of what is shown now; `view` is the part of the page to be shown alone. */
export function address(view?: string): string {
  const all = new URLSearchParams(asked)
  all.delete('embed')
  if (view) all.set('embed', view)
  // Commas and colons are legal in a query, and links are read by people.
  const query = all.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return `${location.origin}${location.pathname}${query && `?${query}`}${location.hash}`
}

/** Remembers all of the page's state; the result puts it back. */
export function snapshot(): () => void {
  const values = kept.map(({ signal }) => signal.peek())
  return () => {
    for (const [i, { signal }] of kept.entries()) signal.value = values[i]
  }
}

/** The chapter that the address asks for. */
export const chapterAsked = asked.get('chapter')
/** The part that is shown alone, inside another page: `figure` or the name of a panel. */
export const embedded = asked.get('embed')

/** Numbers from `least` to `most`; whole ones, if `least` and `most` are and `whole` says so. */
export function numeric(least: number, most: number, whole = false): Codec<number> {
  return {
    write: (value) => String(Number(value.toPrecision(6))),
    read: (text) => {
      const value = Number(text)
      const fits = text !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))
      return fits ? value : undefined
    },
  }
}

/** One of some names. */
export function oneOf<T extends string>(names: readonly T[]): Codec<T> {
  return { write: (value) => value, read: (text) => names.find((name) => name === text) }
}

/** Rows of `columns` numbers each, of so many digits: `0.5,1,0:0.2,-1,1`. */
export function rows(columns: number, most: number, digits = 4): Codec<readonly (readonly number[])[]> {
  return {
    write: (all) =>
      all.map((row) => row.map((value) => Number(value.toPrecision(digits))).join(',')).join(':'),
    read: (text) => {
      const all = text === '' ? [] : text.split(':').map((row) => row.split(',').map(Number))
      const fits =
        all.length <= most && all.every((row) => row.length === columns && row.every(Number.isFinite))
      return fits ? all : undefined
    },
  }
}
