// What each change does, and what is recalled at the end.
import { isMixture, meaning } from './meaning'
import * as model from './model'

export function Story() {
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
