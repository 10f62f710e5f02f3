// The style sheet's colours, for drawing on canvases.
import { signal } from '@preact/signals'

const NAMES = ['ink', 'muted', 'line', 'train', 'selection', 'negative', 'zero', 'positive'] as const
type Colours = Record<(typeof NAMES)[number], string>

function colours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])
  return Object.fromEntries(entries)
}

/** Follows the system's changes between light and dark. */
export const palette = signal(colours())

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  palette.value = colours()
})

/** The three channels of `#rrggbb`. */
export function channels(colour: string): number[] {
  return [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16))
}
