// The three cells side by side: how they learn, and what of the gradient arrives.
import { useCallback } from 'preact/hooks'
import { type Plot, Plotted } from '../../draw/plotted'
import { CELLS, type Cell, EPOCHS } from './learner'
import { BACK } from './look'
import * as model from './model'

/** In the order of the colours. */
const ORDER: readonly Cell[] = ['rnn', 'lstm', 'gru']
/** The powers of ten that are shown. */
const [LOWEST, HIGHEST] = [-14, 8]
const ASPECT = 0.75

/** A line for each cell. */
const lines = (points: (cell: Cell) => readonly (readonly [number, number])[]) =>
  ORDER.map((cell) => ({ name: CELLS[cell], points: points(cell), line: true }))

export function Losses() {
  const { value: learned } = model.learned
  const { value: epoch } = model.shown
  const make = useCallback(
    ({ chart }: Plot, size: object) => {
      const losses = (cell: Cell) => learned!.pupils[cell].losses.filter(Number.isFinite)
      const most = 1.05 * Math.max(0.1, ...ORDER.flatMap(losses))
      const shown = {
        name: `epoch ${epoch}`,
        points: [
          [epoch, 0],
          [epoch, most],
        ] as const,
        line: true,
      }
      return chart(
        [...lines((cell) => losses(cell).map((loss, i) => [i + 1, loss])), ...(epoch > 0 ? [shown] : [])],
        { ...size, title: 'the loss in each epoch', x: [1, EPOCHS], y: [0, most], xLabel: 'epoch' },
      )
    },
    [learned, epoch],
  )
  if (!learned) return null
  return <Plotted label="The loss of the three networks in each epoch" aspect={ASPECT} make={make} />
}

export function Gradients() {
  const { value: seen } = model.seen
  const make = useCallback(
    ({ chart }: Plot, size: object) => {
      const inside = (norm: number) => Math.max(10 ** LOWEST, Math.min(10 ** HIGHEST, norm))
      return chart(
        lines((cell) => seen!.gradients[cell].map((norm, t) => [t, inside(norm)])),
        {
          ...size,
          title: 'the gradient through time, ‖∂E/∂h(t−1)‖',
          x: [0, BACK - 1],
          y: [10 ** LOWEST, 10 ** HIGHEST],
          log: true,
          xLabel: 't',
        },
      )
    },
    [seen],
  )
  if (!seen) return null
  const said = ORDER.map((cell) => {
    const { 0: first, [BACK - 1]: end } = seen.gradients[cell]
    return `${CELLS[cell]}: ${first!.toExponential(1)} before the first character, ${end!.toExponential(1)} before the last`
  })
  return (
    <div class="gradients" data-epoch={seen.epoch} data-gradients={JSON.stringify(seen.gradients)}>
      <Plotted label={said.join('; ')} aspect={ASPECT} make={make} />
    </div>
  )
}
