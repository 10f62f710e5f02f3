// One training step, forward and backward, and the steps so far.

import { useSignal } from '@preact/signals'
import { bound } from '../../page/bound'
import { Player } from '../../page/player'
import { Slider } from '../../page/slider'
import { Diagram } from './diagram'
import * as model from './model'
import { partsOf, short } from './parts'

export function Figure() {
  const picked = useSignal('j0')
  const { value: trace } = model.trace
  const parts = trace && partsOf(trace)
  const part = parts && [...parts.units, ...parts.weights].find(({ id }) => id === picked.value)
  const numbers = [
    { label: 'Input a of i₁', own: model.x1, least: -2, most: 2 },
    { label: 'Input a of i₂', own: model.x2, least: -2, most: 2 },
    { label: 'Target t', own: model.t, least: 0, most: 1 },
    { label: 'Learning rate ε', own: model.rate, least: 0, most: 10 },
  ]
  return (
    <>
      <Diagram
        picked={picked.value}
        pick={(id) => {
          picked.value = id
        }}
      />
      <div class="factors" aria-live="polite">
        {part && <h3>{part.name}</h3>}
        {part?.story.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {trace && (
        <p class="error" data-error={trace.loss}>
          E = ½ (t − a)² = ½ ({short(model.t.value)} − {short(trace.layers[1]!.a.data[0]!)})² ={' '}
          <b>{short(trace.loss)}</b>
        </p>
      )}
      <div class="buttons">
        <button type="button" class="first" disabled={!trace} onClick={() => model.step(1)}>
          Add Δw
        </button>
        <button type="button" disabled={!trace} onClick={() => model.step(50)}>
          50 steps
        </button>
        <button type="button" onClick={model.reset}>
          Begin anew
        </button>
      </div>
      <Player name="Step" last={model.last} shown={model.shown} show={model.show} />
      <div class="controls">
        {numbers.map(({ label, own, least, most }) => (
          <Slider key={label} label={label} {...bound(own)} least={least} most={most} stride={0.05} />
        ))}
      </div>
    </>
  )
}
