import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { Chart, type Series } from './chart'
import { type Figure, figure } from './figure'

type Column = ArrayLike<number>
/** The trace of a continuous network's run, column by column. */
type Columns = Record<'time' | 'interaction' | 'integral' | 'input' | 'energy', Column>
/** The trace of a recall, update by update. */
type Updates = readonly { energy: number }[]

/**
 * The energy of a Hopfield network over time: `(await memory.recall(cue, { trace: true })).trace` of a discrete one, update by
 * update, or `(await continuousHopfield(…).run()).trace`, with the three terms of the energy.
 *
 * @throws HebbError `data` if the trace is empty
 */
export function energyTrace(trace: Columns | Updates, options: { title?: string } = {}): Figure {
  checkKeys('energyTrace', options, ['title'])
  const { title = 'energy' } = options
  if (Array.isArray(trace)) {
    const points = (trace as Updates).map(({ energy }, i): [number, number] => [i + 1, energy])
    if (points.length === 0)
      throw new HebbError('data', 'energyTrace: the trace is empty: recall(cue, { trace: true }) records it')
    return figure(
      new Chart('energyTrace', [{ points, name: 'energy', line: true }], [], { title, xLabel: 'update' }),
    )
  }
  const { time } = (trace ?? {}) as Columns
  if (!(time?.length > 0)) throw new HebbError('data', 'energyTrace takes the trace of a recall, or of a run')
  const names = { energy: 'energy', interaction: 'weights', integral: 'integral', input: 'input' } as const
  const series = Object.entries(names).map(
    ([key, name], i): Series => ({
      points: Array.from(time, (t, n) => [t, (trace as Columns)[key as keyof typeof names][n]!]),
      name,
      line: true,
      mark: 'Ewgi'[i]!,
    }),
  )
  return figure(new Chart('energyTrace', series, [], { title, xLabel: 'time' }))
}
