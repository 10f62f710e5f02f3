import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { Chart, type Series } from './chart'
import { isNumbers } from './checks'
import { type Figure, figure } from './figure'

type Column = ArrayLike<number>
/** The trace of a continuous network's run, column by column. */
export type EnergyColumns = Record<'time' | 'interaction' | 'integral' | 'input' | 'energy', Column>
/** The trace of a recall, update by update. */
export type EnergyUpdates = readonly { energy: number }[]

/**
 * The energy of a Hopfield network over time: `(await memory.recall(cue, { trace: true })).trace` of a discrete one, update by
 * update, or `(await continuousHopfield(…).run()).trace`, with the three terms of the energy.
 *
 * @throws HebbError `data` if the trace is empty
 */
export function energyTrace(trace: EnergyColumns | EnergyUpdates, options: { title?: string } = {}): Figure {
  checkKeys('energyTrace', options, ['title'])
  const { title = 'energy' } = options
  if (Array.isArray(trace)) {
    const points = [...(trace as EnergyUpdates)].map((update, i): [number, number] => [i + 1, update?.energy])
    if (points.length === 0)
      throw new HebbError('data', 'energyTrace: the trace is empty: recall(cue, { trace: true }) records it')
    return figure(
      new Chart('energyTrace', [{ points, name: 'energy', line: true }], [], { title, xLabel: 'update' }),
    )
  }
  const { time } = (trace ?? {}) as EnergyColumns
  const names = { energy: 'energy', interaction: 'weights', integral: 'integral', input: 'input' } as const
  const columns = [
    time,
    ...Object.keys(names).map((key) => (trace as EnergyColumns)?.[key as keyof typeof names]),
  ]
  if (!columns.every(isNumbers) || time.length === 0)
    throw new HebbError('data', 'energyTrace takes the trace of a recall, or of a run')
  const series = Object.entries(names).map(
    ([key, name], i): Series => ({
      points: Array.from(time, (t, n) => [t, (trace as EnergyColumns)[key as keyof typeof names][n]!]),
      name,
      line: true,
      mark: 'Ewgi'[i]!,
    }),
  )
  return figure(new Chart('energyTrace', series, [], { title, xLabel: 'time' }))
}
