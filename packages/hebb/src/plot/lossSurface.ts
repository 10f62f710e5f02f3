import { HebbError } from '../errors'
import { checkKeys, checkWhole } from '../options'
import type { Limits } from './axis'
import { Chart, type ChartOptions } from './chart'
import { checkLimits, isPoints } from './checks'
import { type Figure, figure } from './figure'
import { gridOf, quantiles } from './grid'

export interface LossSurfaceOptions
  extends Pick<ChartOptions, 'title' | 'xLabel' | 'yLabel' | 'width' | 'height'> {
  /** The limits of both parameters. */
  x: Limits
  y: Limits
  /** The points of a descent, in order. Default: none. */
  path?: readonly (readonly [x: number, y: number])[]
  /** The loss is computed at so many points in each direction. Default 60. */
  resolution?: number
}

const LEVELS = 12
const GREY = 6

/**
 * The loss as a surface over two parameters, seen from above with its contours: the darker, the higher; and the path of a descent.
 * `loss` may be asynchronous, so that a network can be evaluated with two of its weights changed.
 *
 * @throws HebbError `option`; `data` if no value is finite
 */
export async function lossSurface(
  loss: (x: number, y: number) => number | Promise<number>,
  options: LossSurfaceOptions,
): Promise<Figure> {
  const who = 'lossSurface'
  if (typeof loss !== 'function') throw new HebbError('option', `${who} takes a function of two parameters`)
  const { x, y, path = [], resolution = 60, ...rest } = options ?? {}
  checkKeys(who, rest, ['title', 'xLabel', 'yLabel', 'width', 'height'])
  checkLimits(who, 'x', x)
  checkLimits(who, 'y', y)
  if (!isPoints(path)) throw new HebbError('data', `${who}: path must be pairs of numbers [x, y]`)
  const columns = checkWhole(who, 'resolution', resolution, 2, 1000)
  const values: number[] = []
  for (const [a, b] of gridOf(x, y, columns)) values.push(await loss(a, b))
  const descent =
    path.length > 0
      ? [
          { points: path, line: true, mark: '·' },
          { points: path, name: 'descent', mark: 'o' },
          { points: path.slice(-1), name: 'end', mark: 'X' },
        ]
      : []
  const field = { values, columns, levels: quantiles(values, LEVELS), colour: GREY }
  return figure(new Chart(who, descent, [field], { ...rest, x, y }))
}
