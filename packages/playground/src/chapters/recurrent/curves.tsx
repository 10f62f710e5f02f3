// The three cells side by side: how they learn, and what of the gradient arrives.
import { Graph, pathOf } from '../../draw/graph'
import { CELLS, type Cell, cells, EPOCHS } from './learner'
import { BACK } from './look'
import * as model from './model'

const COLOURS: Record<Cell, string> = { rnn: 'negative', gru: 'selection', lstm: 'positive' }
/** The powers of ten that are shown. */
const [LOWEST, HIGHEST] = [-14, 8]

export function Legend() {
  return (
    <ul class="legend">
      {cells.map((cell) => (
        <li key={cell} class={COLOURS[cell]}>
          {CELLS[cell]}
        </li>
      ))}
    </ul>
  )
}

export function Losses() {
  const { value: learned } = model.learned
  if (!learned) return null
  const all = cells.flatMap((cell) => learned.pupils[cell].losses).filter(Number.isFinite)
  return (
    <div>
      <h3>The loss in each epoch</h3>
      <Graph
        label="The loss of the three networks in each epoch"
        range={{ x: [1, EPOCHS], y: [0, 1.05 * Math.max(0.1, ...all)] }}
        aspect={0.5}
      >
        {(view) => (
          <g>
            {cells.map((cell) => {
              const points = learned.pupils[cell].losses.map((loss, i) => [i + 1, loss])
              return (
                <g key={cell} class={`curve ${COLOURS[cell]}`}>
                  <polyline points={pathOf(view, points)} />
                </g>
              )
            })}
            {model.shown.value > 0 && (
              <line
                class="critical"
                x1={view.x(model.shown.value)}
                x2={view.x(model.shown.value)}
                y1={view.y(0)}
                y2={10}
              />
            )}
          </g>
        )}
      </Graph>
    </div>
  )
}

export function Gradients() {
  const { value: seen } = model.seen
  if (!seen) return null
  const power = (norm: number) => Math.max(LOWEST, Math.min(HIGHEST, Math.log10(norm || 1e-99)))
  return (
    <div class="gradients" data-epoch={seen.epoch} data-gradients={JSON.stringify(seen.gradients)}>
      <h3>The gradient through time</h3>
      <Graph
        label={cells
          .map((cell) => {
            const { 0: first, [BACK - 1]: end } = seen.gradients[cell]
            return `${CELLS[cell]}: ${first!.toExponential(1)} before the first character, ${end!.toExponential(1)} before the last`
          })
          .join('; ')}
        range={{ x: [0, BACK - 1], y: [LOWEST, HIGHEST] }}
        names={{ x: 't', y: 'log₁₀ ‖∂E/∂h(t−1)‖' }}
        aspect={0.5}
      >
        {(view) =>
          cells.map((cell) => (
            <g key={cell} class={`curve ${COLOURS[cell]}`}>
              <polyline
                points={pathOf(
                  view,
                  seen.gradients[cell].map((norm, t) => [t, power(norm)]),
                )}
              />
            </g>
          ))
        }
      </Graph>
    </div>
  )
}
