// The text that is written as it learns, the unit, and the curves of the three cells.
import { bound } from '../../page/bound'
import './recurrent.css'
import { useSignal } from '@preact/signals'
import { Choice } from '../../page/choice'
import { guarded } from '../../page/engine'
import { Player } from '../../page/player'
import { Slider } from '../../page/slider'
import { Gradients, Losses } from './curves'
import { CELLS } from './learner'
import * as model from './model'
import { MOST } from './text'
import { Unit } from './unit'

export function Figure() {
  return (
    <>
      <Written />
      <Player name="Epoch" last={model.last} shown={model.shown} show={model.showEpoch} />
      <Settings />
      <Unit />
      <div class="curves pictured">
        <Gradients />
        <Losses />
      </div>
      <Text />
    </>
  )
}

function Written() {
  const { value: seen } = model.seen
  if (!seen) return <p class="written">Learning …</p>
  const { epoch, cell, written } = seen
  const loss = model.learned.value?.pupils[cell].losses[epoch - 1]
  return (
    <div>
      <h3>
        What the {CELLS[cell]} writes{' '}
        {loss === undefined
          ? 'before it has learned'
          : `after epoch ${epoch}, with the perplexity ${Math.exp(loss).toPrecision(3)}`}
      </h3>
      <p class="written" data-epoch={epoch} data-cell={cell}>
        {written}
      </p>
    </div>
  )
}

function Settings() {
  return (
    <div class="controls">
      <Choice label="Cell" {...bound(model.cell)} from={CELLS} />
      <Choice label="Hidden units" {...bound(model.units)} from={{ '8': '8', '32': '32', '64': '64' }} />
      <Slider label="Temperature" {...bound(model.temperature)} least={0} most={2} stride={0.1} />
      <Slider
        label="Initial recurrent weights, times"
        {...bound(model.factor)}
        least={0.1}
        most={6}
        stride={0.1}
      />
      <Slider label="Learning rate" {...bound(model.rate)} least={0.0001} most={1} stride={0.1} logarithmic />
    </div>
  )
}

/** The reader's own text. */
function Text() {
  const draft = useSignal<string | undefined>(undefined)
  return (
    <div class="own">
      <label>
        The text to learn: write your own
        <textarea
          rows={5}
          maxLength={MOST}
          value={draft.value ?? model.text.value}
          onInput={({ currentTarget }) => {
            draft.value = currentTarget.value
          }}
        />
      </label>
      <div class="buttons">
        <button
          type="button"
          disabled={draft.value === undefined}
          onClick={() =>
            guarded(() => {
              model.setText(draft.value!)
              draft.value = undefined
            })
          }
        >
          Learn this text
        </button>
        <button
          type="button"
          onClick={() => {
            model.seed.value += 1
          }}
        >
          Another start
        </button>
      </div>
    </div>
  )
}
