// The text, coloured by the state of a hidden unit.
import { Choice } from '../../page/choice'
import { Slider } from '../../page/slider'
import { means, readable, statesOf, unitFor } from './firing'
import * as model from './model'

export function Unit() {
  const { value: seen } = model.seen
  const { value: unit } = model.unit
  if (!seen || unit >= seen.units) return null
  const states = statesOf(seen, unit)
  const ranked = means(seen, unit)
  const list = (some: typeof ranked) =>
    some.map(({ character, mean }) => `${readable(character)} ${two(mean)}`).join(', ')
  return (
    <div class="unit">
      <h3>Where hidden unit {unit + 1} fires</h3>
      <p class="coloured">
        {seen.characters.map((character, t) => (
          <span
            key={t}
            style={{ '--state': `${Math.round(45 * Math.min(1, Math.abs(states[t]!)))}%` }}
            class={states[t]! < 0 ? 'below' : 'above'}
          >
            {character}
          </span>
        ))}
      </p>
      <p class="aside">
        <b class="positive">Orange</b>: its state after this character is above 0,{' '}
        <b class="negative">blue</b>: below. On average it is highest after {list(ranked.slice(0, 3))}; lowest
        after {list(ranked.slice(-3).reverse())}.
      </p>
      <div class="controls">
        <Slider
          label="Hidden unit"
          value={unit + 1}
          least={1}
          most={seen.units}
          stride={1}
          set={(value) => model.showUnit(value - 1)}
        />
        <Choice
          label="Find the unit for"
          value=""
          from={{
            '': 'choose',
            ...Object.fromEntries(ranked.map(({ character }) => [character, readable(character)])),
          }}
          set={(character) => {
            if (character !== '') model.showUnit(unitFor(seen, character))
          }}
        />
      </div>
    </div>
  )
}

const two = (value: number) => value.toFixed(2).replace('-', '−')
