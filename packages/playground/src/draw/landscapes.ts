// Functions to descend, as the text that programs show, and as functions made of that text.
import type { Range } from './graph'

export interface Landscape {
  name: string
  /** The function of a vector, in JavaScript. */
  text: string
  gradientText: string
  f: (x: ArrayLike<number>) => number
  gradient: (x: ArrayLike<number>) => number[]
  variables: 1 | 2
  /** Where one looks; for one variable y is the range of the values. */
  range: Range
  start: readonly [number, number]
  /** The least value. */
  least: number
}

function made(
  name: string,
  text: string,
  gradientText: string,
  variables: 1 | 2,
  range: Range,
  start: readonly [number, number],
  least: number,
): Landscape {
  // The texts are this file's own.
  const of = (text: string) => new Function(`return ${text}`)()
  return { name, text, gradientText, f: of(text), gradient: of(gradientText), variables, range, start, least }
}

export const landscapes = {
  parabola: made(
    'a parabola',
    '([x]) => x ** 2',
    '([x]) => [2 * x]',
    1,
    { x: [-2.4, 2.4], y: [-0.5, 5] },
    [-2, 0],
    0,
  ),
  valleys: made(
    'two valleys',
    '([x]) => (x ** 2 - 1) ** 2 + 0.3 * x',
    '([x]) => [4 * x * (x ** 2 - 1) + 0.3]',
    1,
    { x: [-1.9, 1.9], y: [-0.8, 4] },
    [1.6, 0],
    -0.3054,
  ),
  bowl: made(
    'a bowl',
    '([a, b]) => a ** 2 + b ** 2',
    '([a, b]) => [2 * a, 2 * b]',
    2,
    { x: [-2, 2], y: [-1.4, 1.4] },
    [-1.6, 1],
    0,
  ),
  ravine: made(
    'a ravine',
    '([a, b]) => 0.5 * a ** 2 + 10 * b ** 2',
    '([a, b]) => [a, 20 * b]',
    2,
    { x: [-2, 2], y: [-1.4, 1.4] },
    [-1.8, 1],
    0,
  ),
  banana: made(
    "Rosenbrock's curved valley",
    '([a, b]) => (1 - a) ** 2 + 100 * (b - a ** 2) ** 2',
    '([a, b]) => [2 * (a - 1) - 400 * a * (b - a ** 2), 200 * (b - a ** 2)]',
    2,
    { x: [-1.8, 1.8], y: [-0.7, 1.82] },
    [-1.2, 1],
    0,
  ),
} satisfies Record<string, Landscape>

export type Place = keyof typeof landscapes

/** How deep a place lies in a landscape, 0 to 1, on a scale that shows valleys. */
export function depthOf({ f, least, range }: Landscape): (x: number, y: number) => number {
  const corners = range.x.flatMap((x) => range.y.map((y) => f([x, y]) - least))
  const most = Math.log1p(Math.max(...corners))
  return (x, y) => 1 - Math.log1p(f([x, y]) - least) / most
}
