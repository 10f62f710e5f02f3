// An exercise that checks itself.
import { useSignal, useSignalEffect } from '@preact/signals'
import type { Exercise as Given } from './chapter'
import { Panel } from './panel'

export function Exercise({ exercise: { Task, verdict } }: { exercise: Given }) {
  const { solved, text } = verdict.value
  // Once solved it stays solved, whatever the reader does next.
  const ever = useSignal(false)
  useSignalEffect(() => {
    if (verdict.value.solved) ever.value = true
  })
  return (
    <Panel id="exercise" title="Exercise">
      <div class="prose">
        <Task />
      </div>
      <p class={ever.value ? 'verdict solved' : 'verdict'} role="status" data-solved={ever.value}>
        {ever.value && !solved ? 'Solved.' : text}
      </p>
    </Panel>
  )
}
