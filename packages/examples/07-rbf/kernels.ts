// The kernel trick: circles that a line does not separate become separable by a plane in three dimensions, the kernel perceptron
// does the same without the lift, and a curve by kernel ridge regression shows what a falling width does to the selection samples.
import { gram, kernelPerceptron, kernelRidge, kernels, lift, perceptron } from 'hebb'
import { curve, type Draw } from '../figures.ts'
import { random } from '../random.ts'

type Place = [x1: number, x2: number]
interface Samples {
  x: Place[]
  t: number[]
}

/** A circle in a ring, or two moons that reach into each other. */
function samplesOf(kind: 'circles' | 'moons', count: number, next: () => number): Samples {
  const noise = () => 0.16 * (next() - 0.5)
  const x = Array.from({ length: count }, (_, i): Place => {
    const inner = i % 2 === 1
    const angle = (kind === 'circles' ? 2 : 1) * Math.PI * next()
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    if (kind === 'circles') return [(inner ? 0.45 : 1) * cos + noise(), (inner ? 0.45 : 1) * sin + noise()]
    return inner ? [1 - cos + noise(), 0.5 - sin + noise()] : [cos + noise(), sin + noise()]
  })
  return { x, t: x.map((_, i) => i % 2) }
}

/** Where values over a grid change their sign, along the grid's lines: points of the boundary. */
function boundary(values: ArrayLike<number>, places: readonly Place[], columns: number): Place[] {
  const points: Place[] = []
  for (const [i, [x1, x2]] of places.entries()) {
    for (const other of [(i + 1) % columns ? i + 1 : i, Math.min(places.length - 1, i + columns)]) {
      const [a, b] = [values[i]!, values[other]!]
      if (a < 0 === b < 0) continue
      const [y1, y2] = places[other]!
      const part = a / (a - b)
      points.push([x1 + part * (y1 - x1), x2 + part * (y2 - x2)])
    }
  }
  return points
}

const grid = (
  [low, high]: readonly [number, number],
  [down, up]: readonly [number, number],
  columns: number,
) =>
  Array.from(
    { length: columns * columns },
    (_, i): Place => [
      low + ((i % columns) / (columns - 1)) * (high - low),
      down + (Math.floor(i / columns) / (columns - 1)) * (up - down),
    ],
  )

/** The kernel trick, drawn by `draw`; returns what was found. */
export async function kernelTrick(seed: number, draw: Draw, say: (text: string) => void) {
  const next = random(seed)

  // The lift: φ(x) = (x₁², √2·x₁x₂, x₂²), whose products are (x·x′)², after three features that are 0 without a constant.
  const circles = samplesOf('circles', 200, next)
  const square = kernels.polynomial({ degree: 2, constant: 0 })
  const { data, shape } = await lift(square, circles.x)
  const lifted = circles.x.map((_, i) => Array.from(data.subarray(i * shape[1] + 3, (i + 1) * shape[1])))
  const { data: products } = await gram(square, circles.x)
  const { data: again } = await gram(kernels.linear(), lifted)
  const difference = products.reduce((most, value, i) => Math.max(most, Math.abs(value - again[i]!)), 0)
  const line = await perceptron({ inputs: 2 }).fit(circles.x, circles.t, { epochs: 200 })
  const plane = await perceptron({ inputs: 3 }).fit(lifted, circles.t)
  say(
    `Circles: a line ${line.converged ? 'separates' : 'does not separate'} them, a plane ${plane.converged ? 'separates' : 'does not separate'} their lift to three dimensions`,
  )
  say(`φ(x)·φ(x′) and (x·x′)² differ by at most ${difference.toExponential(0)}`)
  const of = ({ x, t }: Samples, class_: number) => x.filter((_, i) => t[i] === class_)
  const frame = { x: [-1.4, 1.4], y: [-1.4, 1.4] } as const
  const places = grid(frame.x, frame.y, 81)
  const [w1, w2, w3] = plane.weights as unknown as [number, number, number]
  // The plane, brought back to two dimensions, is an ellipse.
  const back = places.map(([a, b]) => w1 * a * a + w2 * Math.SQRT2 * a * b + w3 * b * b + plane.bias)
  await draw(
    'kernels-circles',
    [
      { points: of(circles, 0), mark: '∘', name: 'the ring' },
      { points: of(circles, 1), mark: '+', name: 'the circle in it' },
      { points: boundary(back, places, 81), mark: '█', name: 'the plane, back in two dimensions' },
    ],
    { ...frame, title: 'Circles, separated by a plane in three dimensions' },
  )

  // The same without a lift.
  const moons = samplesOf('moons', 200, next)
  using machine = kernelPerceptron({ inputs: 2, kernel: kernels.rbf({ sigma: 0.4 }) })
  await machine.fit(moons.x, moons.t)
  const support = machine.support.map((i) => moons.x[i]!)
  const wide = { x: [-1.5, 2.5], y: [-1, 1.5] } as const
  const around = grid(wide.x, wide.y, 81)
  const { data: values } = await machine.values(around)
  say(
    `Moons: the kernel perceptron ${machine.converged ? 'separates' : 'does not separate'} them after ${machine.mistakes[0]!.length} epochs, with ${support.length} of ${moons.x.length} samples as support vectors`,
  )
  await draw(
    'kernels-moons',
    [
      { points: of(moons, 0), mark: '∘', name: 'upper' },
      { points: of(moons, 1), mark: '+', name: 'lower' },
      { points: boundary(values, around, 81), mark: '█', name: 'the boundary' },
      { points: support, mark: '▲', name: 'support vectors' },
    ],
    { ...wide, title: 'Two moons, separated by a kernel perceptron' },
  )

  // A curve: a small σ follows the noise, a large one not even the curve.
  const truth = (x: number) => Math.sin(2 * x) + 0.3 * x
  const noisy = (count: number) => {
    const x = Array.from({ length: count }, () => -3 + 6 * next())
    return { x, t: x.map((x) => truth(x) + 0.5 * (next() - 0.5)) }
  }
  const [train, held] = [noisy(60), noisy(400)]
  const widths = []
  for (let sigma = 0.01; sigma < 15; sigma *= Math.SQRT2) {
    using fit = await kernelRidge({ inputs: 1, kernel: kernels.rbf({ sigma }), lambda: 1e-3 }).fit(
      train.x,
      train.t,
    )
    const errors = await Promise.all([train, held].map(({ x, t }) => fit.evaluate(x, t)))
    const [own, other] = errors.map(({ error }) => Math.sqrt(error!))
    widths.push({ sigma, own: Math.max(1e-3, own!), other: other! })
  }
  const best = widths.reduce((a, b) => (b.other < a.other ? b : a))
  say(
    `A curve: the error on other samples is least, ${best.other.toFixed(3)}, at σ = ${best.sigma.toFixed(2)}`,
  )
  await draw(
    'kernels-widths',
    [
      {
        points: widths.map(({ sigma, own }) => [sigma, own] as const),
        mark: '∘',
        name: 'the 60 samples',
        line: true,
      },
      {
        points: widths.map(({ sigma, other }) => [sigma, other] as const),
        mark: '█',
        name: '400 selection samples',
        line: true,
      },
    ],
    { x: [0.01, 15], y: [1e-3, 2], log: true, logX: true, title: 'Error of kernel ridge regression over σ' },
  )
  using chosen = kernelRidge({ inputs: 1, kernel: kernels.rbf({ sigma: best.sigma }), lambda: 1e-3 })
  await chosen.fit(train.x, train.t)
  const along = curve((x) => x, [-3, 3]).map(([x]) => x)
  const fitted = (await chosen.predict(along)) as number[]
  await draw(
    'kernels-curve',
    [
      { points: train.x.map((x, i) => [x, train.t[i]!] as const), mark: '∘', name: '60 samples' },
      { points: curve(truth, [-3, 3]), mark: '·', name: 'the curve', line: true },
      {
        points: along.map((x, i) => [x, fitted[i]!] as const),
        mark: '█',
        name: 'kernel ridge regression',
        line: true,
      },
    ],
    { x: [-3, 3], y: [-2.5, 2.5], title: `A curve through noise, σ = ${best.sigma.toFixed(2)}` },
  )
  return {
    line: line.converged,
    plane: plane.converged,
    difference,
    moons: machine.converged,
    support: support.length,
    sigma: best.sigma,
    rmse: best.other,
    narrow: widths[0]!,
  }
}
