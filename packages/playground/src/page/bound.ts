import type { Signal } from '@preact/signals'

/** The value of a control, and its setter, for a control that shows and sets a signal as it is. */
export const bound = <T>(signal: Signal<T>) => ({
  value: signal.value,
  set: (value: T) => {
    signal.value = value
  },
})
