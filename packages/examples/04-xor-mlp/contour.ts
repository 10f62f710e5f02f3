// Contours of the trained network's output: a picture of its solution.
import type { Tensor } from 'hebb'

type Place = [x1: number, x2: number]

/** The net input of the output unit, by the formulas of the notes. */
function netOf(weights: Record<string, Tensor>): (place: Place) => number {
  const [wji, bj] = [weights['hidden.weight']!.data, weights['hidden.bias']!.data]
  const [wkj, bk] = [weights['output.weight']!.data, weights['output.bias']!.data]
  return ([x1, x2]) => {
    const a = [0, 1].map((j) => 1 / (1 + Math.exp(-(wji[2 * j]! * x1 + wji[2 * j + 1]! * x2 + bj[j]!))))
    return wkj[0]! * a[0]! + wkj[1]! * a[1]! + bk[0]!
  }
}

/**
 * The contour of a value around the band, along one of the two diagonals, in which a solved network gives the middle and
 * two of the four points the same answer. It closes outside of ±1 around the middle.
 */
export function contour(weights: Record<string, Tensor>, value: number): Place[] {
  const net = netOf(weights)
  const wanted = Math.log(value / (1 - value))
  const middle = net([0.5, 0.5])
  // If the output at the middle is 1, so is that at (0, 1) and (1, 0): the band falls.
  const slope = middle > 0 ? -1 : 1
  const side = (far: number) =>
    Array.from({ length: 41 }, (_, i): Place => {
      const along = (i - 20) / 18
      const place = (off: number): Place => [0.5 + along - slope * off, 0.5 + slope * along + off]
      let [near, beyond] = [0, far]
      for (let step = 0; step < 40; step++) {
        const half = (near + beyond) / 2
        if (net(place(half)) > wanted === middle > 0) near = half
        else beyond = half
      }
      return place(near)
    })
  return [...side(1), ...side(-1).reverse()]
}
