// The samples of a seed, and the reader's own as a table.
import type { Range } from '../../draw/graph'
import { rangeOf } from '../../draw/graph'
import type { Point } from '../../draw/points'
import { random } from '../../draw/random'
import { readPairs, readPoints } from '../../draw/table'

/** A curve t(x), or two classes on a plane. In a curve a point is (x, t), and its class says nothing. */
export const TASKS = ['curve', 'boundary'] as const
export type Task = (typeof TASKS)[number]

export const RANGES: Readonly<Record<Task, Range>> = {
  curve: { x: [-3, 3], y: [-1.8, 1.8] },
  boundary: { x: [-3, 3], y: [-2.1, 2.1] },
}

const round = (value: number) => Number(value.toFixed(3))

/** Samples of the seed: a sine or two moons, with noise. */
export function samplesOf(task: Task, seed: number, count: number): Point[] {
  const next = random(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return Array.from({ length: count }, (_, i) => {
    if (task === 'curve') {
      const x = -2.9 + 5.8 * next()
      return [round(x), round(Math.sin(2 * x) + 0.25 * normal()), 1]
    }
    const t = i % 2
    const angle = Math.PI * next()
    const [x, y] = [1.5 * Math.cos(angle), 1.5 * Math.sin(angle)]
    const place = t === 1 ? [x - 0.75, y - 0.4] : [0.75 - x, 0.4 - y]
    return [round(place[0]! + 0.22 * normal()), round(place[1]! + 0.22 * normal()), t]
  })
}

/** Reads a table: x and t, or x₁, x₂ and a class; its numbers are scaled to the figure. */
export async function readSamples(file: File, task: Task): Promise<Point[]> {
  const points = task === 'boundary' ? await readPoints(file) : await readCurve(file)
  const { x, y } = rangeOf(points, { x: [points[0]![0], points[0]![0]], y: [points[0]![1], points[0]![1]] })
  const scale = (value: number, [least, most]: readonly [number, number], to: readonly [number, number]) =>
    round(to[0] + ((value - least) / (most - least || 1)) * (to[1] - to[0]))
  const { x: wide, y: high } = RANGES[task]
  return points.map((point) => [scale(point[0], x, wide), scale(point[1], y, high), point[2]])
}

/** The most samples of a table, so that a fit takes milliseconds. */
const MOST = 300

const readCurve = async (file: File): Promise<Point[]> =>
  (await readPairs(file, [6, MOST], 'x and t')).map(([x, t]) => [x, t, 1])
