// The cities, the ways between them as strong as the outputs want them, and the outputs.
import './tour.css'
import { pathOf, type View } from '../../draw/graph'
import { Plane } from '../../draw/plane'
import { Points } from '../../draw/points'
import { Choice } from '../../page/choice'
import { guarded } from '../../page/engine'
import { Player } from '../../page/player'
import { Slider } from '../../page/slider'
import * as model from './model'

/** Ways weaker than this are not seen. */
const FAINT = 0.03

export function Figure() {
  const { value: now } = model.now
  const { value: cities } = model.cities
  const fits = now && now.v.length === cities.length ** 2
  return (
    <>
      <Points
        label="Cities and the tour through them"
        points={cities}
        range={model.RANGE}
        names={{ x: 'x', y: 'y' }}
        adding={1}
        classless
        change={(points) => guarded(() => model.show(points))}
      >
        {(view) => fits && <Ways view={view} />}
      </Points>
      <Player
        name="Look"
        last={model.last}
        shown={model.shown}
        show={(look) => {
          model.look.value = look
        }}
      />
      <div class="ended">
        {fits && (
          <figure>
            <Plane data={now.v} width={cities.length} height={cities.length} most={1} />
            <figcaption>The outputs v: a row for each city, a column for each position</figcaption>
          </figure>
        )}
        <Story />
      </div>
      <div class="controls">
        <Choice
          label="Constraints"
          value={model.method.value}
          from={{ subspace: 'kept exactly (1991)', penalties: 'by penalties (1985)' }}
          set={(value) => {
            model.method.value = value
            model.look.value = -1
          }}
        />
        <Slider
          label="Cities"
          value={cities.length}
          least={model.LEAST}
          most={model.MOST}
          stride={1}
          set={(value) => {
            model.show([])
            model.count.value = value
          }}
        />
        <button
          type="button"
          onClick={() => {
            model.start.value += 1
            model.look.value = -1
          }}
        >
          Another start
        </button>
        <button
          type="button"
          onClick={() => {
            model.count.value = cities.length
            model.show([])
            model.seed.value += 1
          }}
        >
          Other cities
        </button>
      </div>
    </>
  )
}

/** How much two cities follow each other: Σᵢ vₓᵢ (v_{y,i+1} + v_{y,i−1}). */
function Ways({ view }: { view: View }) {
  const { v, tour } = model.now.value!
  const { value: cities } = model.cities
  const n = cities.length
  const ways = cities.flatMap((from, x) =>
    cities.slice(x + 1).map((to, k) => {
      const y = x + 1 + k
      let strength = 0
      for (let i = 0; i < n; i++) {
        strength += v[x * n + i]! * (v[y * n + ((i + 1) % n)]! + v[y * n + ((i + n - 1) % n)]!)
      }
      return { key: `${x} ${y}`, from, to, strength: Math.min(1, strength) }
    }),
  )
  const end = model.shown.value === model.last.value
  return (
    <>
      {ways
        .filter(({ strength }) => strength > FAINT)
        .map(({ key, from, to, strength }) => (
          <polyline key={key} class="way" points={pathOf(view, [from, to])} stroke-opacity={strength} />
        ))}
      {end && tour && (
        <polygon
          class="tour"
          points={pathOf(
            view,
            tour.map((city) => cities[city]!),
          )}
        />
      )}
    </>
  )
}

function Story() {
  const { value: run } = model.run
  const { value: now } = model.now
  if (!run || !now) return <p class="story">Searching …</p>
  const { cities, lengths } = run
  const end = model.shown.value === model.last.value
  const three = (length: number | undefined) => length?.toFixed(3) ?? 'no tour'
  return (
    <div class="story" data-length={now.length} data-valid={now.valid}>
      <p>
        After {now.steps} steps of {cities.length ** 2} units:{' '}
        {now.valid
          ? `the largest outputs are a tour of the length ${three(now.length)}.`
          : 'the outputs are no tour: a city is left out, or comes twice.'}
      </p>
      {end && (
        <p>
          From {model.STARTS} starts: {lengths.map(three).join(', ')}.
        </p>
      )}
    </div>
  )
}
