// Steps through the changes, and tells each.
import { useSignal, useSignalEffect } from '@preact/signals'
import { isMixture, meaning } from './meaning'
import * as model from './model'

export function Player() {
  const playing = useSignal(false)
  const last = model.last.value
  useSignalEffect(() => {
    if (!playing.value) return
    // A long fall is shown in a hundred pictures.
    const stride = Math.ceil(model.last.value / 100)
    const timer = setInterval(() => {
      const next = Math.min(model.shown.peek() + stride, model.last.peek())
      model.change.value = next
      if (next === model.last.peek()) playing.value = false
    }, 80)
    return () => clearInterval(timer)
  })
  const what = model.recalled.value?.told[0]?.unit ? 'Change' : 'Pass'
  return (
    <>
      <div class="player">
        <button
          type="button"
          class="first"
          disabled={last === 0}
          onClick={() => {
            if (!playing.value && model.shown.value === last) model.change.value = 0
            playing.value = !playing.value
          }}
        >
          {playing.value ? 'Pause' : 'Recall'}
        </button>
        <label>
          <span>
            {what} {model.shown.value} of {last}
          </span>
          <input
            type="range"
            min={0}
            max={last}
            value={model.shown.value}
            onInput={({ currentTarget }) => {
              playing.value = false
              model.change.value = Number(currentTarget.value)
            }}
          />
        </label>
      </div>
      <Story />
    </>
  )
}

function Story() {
  const { value: now } = model.recalled
  if (!now) return <p class="story fall">Recalling …</p>
  const k = model.shown.value
  const end = k === model.last.value
  const told = now.told[k - 1]
  return (
    <div class="story fall" data-energy={now.energy} data-reason={now.reason} data-mixture={isMixture(now)}>
      <p>
        {k === 0 && !end && 'The state is the cue.'}
        {!end && told?.unit && story(told, model.side.value)}
        {!end && told && !told.unit && `All units at once: the energy is ${figure(told.energy)}.`}
        {end && <b>{meaning(now)}</b>}
        {end && ` Energy ${figure(now.energy)}, after ${now.steps} passes over all units.`}
      </p>
    </div>
  )
}

function story({ unit, energy }: model.Change, side: number): string {
  const { number, net, output, before } = unit!
  const [row, column] = [Math.floor(number / side) + 1, (number % side) + 1]
  const was = before === 0 ? 'was not known' : `was ${sign(before)}`
  return `The unit in row ${row}, column ${column} ${was}; its net input is ${figure(net)}, so it becomes ${sign(output)}. The energy falls to ${figure(energy)}.`
}

const sign = (value: number) => (value < 0 ? '−1' : '1')
export const figure = (value: number) =>
  Number(value.toPrecision(5)).toLocaleString('en', { maximumFractionDigits: 2 }).replace('-', '−')
