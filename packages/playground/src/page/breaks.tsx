// Mistakes to make on purpose, and how to see them.
import { useSignal } from '@preact/signals'
import type { Break } from './chapter'
import { guarded } from './engine'
import { Panel } from './panel'
import { snapshot } from './url'

export function Breaks({ breaks }: { breaks: readonly Break[] }) {
  const broken = useSignal<{ mistake: Break; mend: () => void } | undefined>(undefined)
  const Why = broken.value?.mistake.Why
  const mend = () => {
    broken.value?.mend()
    broken.value = undefined
  }
  return (
    <Panel id="breaks" title="Break it">
      <fieldset class="buttons" aria-label="Mistakes to make">
        {breaks.map((mistake) => (
          <button
            type="button"
            key={mistake.name}
            aria-pressed={broken.value?.mistake === mistake}
            onClick={() => {
              mend()
              broken.value = { mistake, mend: snapshot() }
              guarded(mistake.act)
            }}
          >
            {mistake.name}
          </button>
        ))}
      </fieldset>
      <div role="status">
        {Why && (
          <div class="prose">
            <Why />
          </div>
        )}
      </div>
      {Why && (
        <div class="buttons">
          <button type="button" onClick={mend}>
            Mend it
          </button>
        </div>
      )}
    </Panel>
  )
}
