// The memory, the cue, the state as it falls, its energy, and what the other rules recall.
import { bound } from '../../page/bound'
import './hopfield.css'
import { Bitmap } from '../../draw/bitmap'
import { Choice } from '../../page/choice'
import { guarded } from '../../page/engine'
import { Player } from '../../page/player'
import { Slider } from '../../page/slider'
import { decode, letters } from './cells'
import { Energy } from './energy'
import { Grid } from './grid'
import * as model from './model'
import { Rules } from './rules'
import { Story } from './story'

export function Figure() {
  return (
    <>
      <Stored />
      <div class="recall">
        <div>
          <h3>Cue: draw here</h3>
          <Grid />
        </div>
        <div>
          <h3>State</h3>
          <Bitmap cells={model.state.value} />
        </div>
      </div>
      <Cues />
      <Player
        name={model.together.value ? 'Pass' : 'Change'}
        last={model.last}
        shown={model.shown}
        show={(change) => {
          model.change.value = change
        }}
      />
      <Story />
      <Energy />
      <Rules />
      <div class="controls">
        <Choice
          label="Units change"
          value={model.order.value}
          from={{ asynchronous: 'one after another', synchronous: 'all at once' }}
          set={(value) => {
            model.order.value = value
            model.change.value = -1
          }}
        />
        <Choice
          label="Units"
          value={model.units.value}
          from={{ '100': '10 × 10', '400': '20 × 20', '2500': '50 × 50' }}
          set={(value) => {
            model.units.value = value
            model.change.value = -1
          }}
        />
      </div>
    </>
  )
}

/** What is stored. */
function Stored() {
  const { value: patterns } = model.patterns
  const names = patterns.map((_, i) => model.nameOf(i))
  return (
    <div class="stored">
      {patterns.map((cells, i) => (
        <div key={`${i} ${names[i]}`}>
          <button type="button" aria-label={`Show ${names[i]}`} onClick={() => model.showCue(cells)}>
            <Bitmap cells={cells} />
          </button>
          <button
            type="button"
            class="plain"
            aria-label={`Forget ${names[i]}`}
            disabled={patterns.length === 1}
            onClick={() => model.showStored(patterns.filter((_, j) => j !== i))}
          >
            ×
          </button>
        </div>
      ))}
      <Choice
        label="Store a letter"
        value=""
        from={{ '': 'choose', ...Object.fromEntries(letters.map((name) => [name, name])) }}
        set={(name) => {
          if (name !== '')
            guarded(() => model.showStored([...model.patterns.value, decode(name, model.side.value)]))
        }}
      />
    </div>
  )
}

/** What can be done to the cue. */
function Cues() {
  const { value: cue } = model.cue
  const acts: Record<string, () => void> = {
    Disturb: () => {
      model.seed.value += 1
      model.showCue(model.disturbed(cue, model.noise.value / 100, model.seed.value))
    },
    'Cover the lower half': () => model.showCue(cue.map((y, i) => (i < cue.length / 2 ? y : 0))),
    Reverse: () => model.showCue(cue.map((y) => -y)),
    Chance: () => {
      model.seed.value += 1
      model.showCue(
        model.disturbed(
          cue.map(() => -1),
          0.5,
          model.seed.value,
        ),
      )
    },
    Clear: () => model.showCue(cue.map(() => -1)),
    'Store it': () => guarded(() => model.showStored([...model.patterns.value, cue])),
  }
  return (
    <div class="controls">
      <fieldset class="buttons" aria-label="The cue">
        {Object.entries(acts).map(([name, act]) => (
          <button type="button" key={name} onClick={act}>
            {name}
          </button>
        ))}
      </fieldset>
      <Slider
        label="A disturbance turns, in percent,"
        {...bound(model.noise)}
        least={0}
        most={50}
        stride={1}
      />
    </div>
  )
}
