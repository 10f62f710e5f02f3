// The points, the line after each correction, and Novikoff's bound.

import { useSignal } from '@preact/signals'
import { pathOf } from '../../draw/graph'
import { halfPlane } from '../../draw/halfPlane'
import { Points } from '../../draw/points'
import { bound } from '../../page/bound'
import { Choice } from '../../page/choice'
import { Player } from '../../page/player'
import * as model from './model'

export function Figure() {
  const adding = useSignal(1)
  const { value: learned } = model.learned
  const { value: range } = model.range
  const k = model.shown.value
  return (
    <>
      <Points
        label="Points of two classes and the line between them"
        points={model.points.value}
        range={range}
        adding={adding.value}
        marked={model.correction.value?.sample}
        change={model.show}
      >
        {(view) => {
          if (!learned) return null
          const now = halfPlane(range, model.weightsAfter(k))
          const before =
            k > 0 && k < model.last.value ? halfPlane(range, model.weightsAfter(k - 1)) : undefined
          const theirs = model.line.value && halfPlane(range, model.line.value)
          return (
            <>
              <polygon class="fires" points={pathOf(view, now.fires)} />
              {before && <polyline class="before" points={pathOf(view, before.line)} />}
              {theirs && <polyline class="theirs" points={pathOf(view, theirs.line)} />}
              <polyline class="line" points={pathOf(view, now.line)} />
            </>
          )
        }}
      </Points>
      <Player
        name="Correction"
        last={model.last}
        shown={model.shown}
        show={(step) => {
          model.update.value = step
        }}
      />
      <Story />
      <div class="controls">
        <Choice
          label="A click adds"
          value={String(adding.value)}
          from={{ '1': '● class 1', '0': '■ class 0' }}
          set={(value) => {
            adding.value = Number(value)
          }}
        />
        <Choice
          label="Weights to keep"
          {...bound(model.variant)}
          from={{ last: 'the last', pocket: 'the best (pocket)', averaged: 'their mean (averaged)' }}
        />
        <button
          type="button"
          onClick={() => {
            model.show([])
            model.seed.value += 1
          }}
        >
          Other points
        </button>
      </div>
    </>
  )
}

/** What the shown correction does, and how many can follow. */
function Story() {
  const { value: learned } = model.learned
  if (!learned) return <p class="story">Learning …</p>
  const { unit, accuracy } = learned
  const k = model.shown.value
  const { value: correction } = model.correction
  const bound = unit.bound && Math.floor(unit.bound)
  const end = k === model.last.value
  return (
    <div class="story" data-reason={unit.reason} data-updates={unit.updates}>
      <p>
        {k === 0 && 'All weights are 0: the net input is 0 everywhere, and the unit fires for every point.'}
        {!end && correction && (
          <>
            Epoch {correction.epoch}: the marked point should {correction.target === 1 ? '' : 'not '}fire, but
            its net input was {correction.net.toFixed(2)}.{' '}
            {correction.target === 1 ? 'It is added to the weights.' : 'It is subtracted from the weights.'}
          </>
        )}
        {end && k > 0 && unit.converged && `Every point is on its side after ${unit.updates} corrections.`}
        {end &&
          !unit.converged &&
          `No end after ${unit.updates} corrections: ${(100 * accuracy).toFixed(0)} % of the points are on their side. ${
            unit.reason === 'cycle' ? 'The weights repeat for ever, so no line separates the points.' : ''
          }`}
      </p>
      {bound !== undefined && (
        <p>
          Novikoff: (R/γ)² = {bound} corrections at most, so{' '}
          <b id="remaining">{Math.max(0, bound - Math.min(k, unit.updates))}</b> can follow.
          <span class="track" aria-hidden="true">
            <span class="bar" style={{ width: `${Math.min(100, (100 * k) / bound)}%` }} />
          </span>
        </p>
      )}
    </div>
  )
}
