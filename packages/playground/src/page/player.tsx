// Steps through what happened, one after another: by itself, or by a slider.

import type { ReadonlySignal } from '@preact/signals'
import { useSignal, useSignalEffect } from '@preact/signals'

interface Props {
  /** What a step is called. */
  name: string
  last: ReadonlySignal<number>
  shown: ReadonlySignal<number>
  show: (step: number) => void
}

/** A long story is told in at most so many pictures, and in so many milliseconds. */
const PICTURES = 40
const TIME = 8000

export function Player({ name, last, shown, show }: Props) {
  const playing = useSignal(false)
  useSignalEffect(() => {
    if (!playing.value) return
    const stride = Math.ceil(last.value / PICTURES)
    const timer = setInterval(
      () => {
        const next = Math.min(shown.peek() + stride, last.peek())
        show(next)
        if (next === last.peek()) playing.value = false
      },
      Math.min(450, (TIME * stride) / last.value),
    )
    return () => clearInterval(timer)
  })
  return (
    <div class="player">
      <button
        type="button"
        disabled={last.value === 0}
        onClick={() => {
          if (!playing.value && shown.value === last.value) show(0)
          playing.value = !playing.value
        }}
      >
        {playing.value ? 'Pause' : 'Play'}
      </button>
      <label>
        <span>
          {name} {shown.value} of {last.value}
        </span>
        <input
          type="range"
          min={0}
          max={last.value}
          value={shown.value}
          onInput={({ currentTarget }) => {
            playing.value = false
            show(Number(currentTarget.value))
          }}
        />
      </label>
    </div>
  )
}
