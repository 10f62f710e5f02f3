// The energy after each change.
import { Graph, pathOf } from '../../draw/graph'
import * as model from './model'

/** More points than this are not told apart. */
const POINTS = 400

export function Energy() {
  const told = model.recalled.value?.told ?? []
  if (told.length < 2) return null
  const stride = Math.ceil(told.length / POINTS)
  const energies = told.map(({ energy }) => energy)
  const [least, most] = [Math.min(...energies), Math.max(...energies)]
  const room = 0.06 * (most - least || 1)
  const kept = energies
    .map((energy, i) => [i + 1, energy] as const)
    .filter(([k]) => k % stride === 0 || k === 1 || k === told.length)
  const k = model.shown.value
  const now = energies[k - 1]
  return (
    <div class="pictured">
      <h3>The energy E after each change</h3>
      <Graph
        class="fall"
        label={`The energy falls from ${energies[0]} to ${energies.at(-1)}`}
        range={{ x: [0, told.length], y: [least - room, most + room] }}
        aspect={0.3}
        left={64}
      >
        {(view) => (
          <g class="curve train">
            <polyline points={pathOf(view, kept)} />
            {now !== undefined && <circle cx={view.x(k)} cy={view.y(now)} r={6} />}
          </g>
        )}
      </Graph>
    </div>
  )
}
