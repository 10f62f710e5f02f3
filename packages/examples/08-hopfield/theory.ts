// What theory says about random patterns in a Hopfield network, and how measurements are compared with it.

/** erf to 1.2e-7 (Numerical Recipes). */
function erf(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x))
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ]
  const power = series.reduceRight((sum, c) => sum * t + c, 0)
  const tail = t * Math.exp(-x * x + power)
  return x >= 0 ? 1 - tail : tail - 1
}

/**
 * The overlap of a recalled pattern by the theory of Amit, Gutfreund and Sompolinsky ("Storing infinite numbers of patterns in
 * a spin-glass model of neural networks", 1985) at temperature 0: m = erf(y) for the largest y with
 * y(√(2α) + (2/√π)exp(−y²)) = erf(y). There is none above α = 0.138.
 */
export function theoreticalOverlap(load: number): number | undefined {
  for (let y = 6; y > 0.3; y -= 0.001) {
    if (y * (Math.sqrt(2 * load) + (2 / Math.sqrt(Math.PI)) * Math.exp(-y * y)) < erf(y)) return erf(y)
  }
  return undefined
}

/** `right` of `of` at each load. */
export interface Point {
  load: number
  right: number
  of: number
}

/** The logistic curve a + b·load of the logits, by Newton's method for the maximum likelihood. */
export function logistic(points: readonly Point[]): [a: number, b: number] {
  const middle = points.reduce((sum, { load }) => sum + load, 0) / points.length
  let [a, b] = [0, 0]
  for (let step = 0; step < 50; step++) {
    // A little of a prior keeps the slope finite if the curve is a step.
    let [ga, gb, haa, hab, hbb] = [0, -1e-5 * b, 1e-6, 0, 1e-5]
    for (const { load, right, of } of points) {
      const x = load - middle
      const p = 1 / (1 + Math.exp(-(a + b * x)))
      const weight = of * p * (1 - p)
      ga += right - of * p
      gb += (right - of * p) * x
      haa += weight
      hab += weight * x
      hbb += weight * x * x
    }
    const determinant = haa * hbb - hab * hab
    const [da, db] = [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant]
    const size = Math.min(1, 50 / Math.abs(db), 2 / Math.abs(da))
    a += size * da
    b += size * db
  }
  return [a - b * middle, b]
}

/** The load at which lines a + b·load differ least: where they cross, as nearly as they do. */
export function crossing(lines: readonly (readonly [a: number, b: number])[]): number {
  const mean = (k: 0 | 1) => lines.reduce((sum, line) => sum + line[k], 0) / lines.length
  const [a, b] = [mean(0), mean(1)]
  const both = lines.reduce((sum, line) => sum + (line[0] - a) * (line[1] - b), 0)
  const square = lines.reduce((sum, line) => sum + (line[1] - b) ** 2, 0)
  return -both / square
}
