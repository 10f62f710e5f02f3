import type { Random } from './transform'

/** Displacements in pixels, for each place of an image. */
export interface Field {
  x: Float32Array
  y: Float32Array
}

/** Uniform noise from −1 to 1, smoothed by a Gaussian of σ `sigma` (beyond the image it is 0) and times `alpha`. */
export function elasticField(
  height: number,
  width: number,
  { alpha, sigma }: { alpha: number; sigma: number },
  random: Random,
): Field {
  const kernel = gaussian(sigma)
  const one = () => {
    const noise = Float32Array.from({ length: height * width }, () => alpha * (2 * random() - 1))
    return smooth(smooth(noise, height, width, kernel), width, height, kernel)
  }
  return { x: one(), y: one() }
}

/** One side of a normal density to 3σ, whose sum over both sides is 1: the weights of the distances 0, 1, 2, … */
function gaussian(sigma: number): Float32Array {
  const weights = Float32Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, d) =>
    Math.exp(-(d * d) / (2 * sigma * sigma)),
  )
  const sum = 2 * weights.reduce((a, b) => a + b) - weights[0]!
  return weights.map((weight) => weight / sum)
}

/** Smooths the rows of an image, and returns it with rows and columns exchanged: twice smooths both, and restores their order. */
function smooth(from: Float32Array, rows: number, columns: number, kernel: Float32Array): Float32Array {
  const to = new Float32Array(from.length)
  const reach = kernel.length - 1
  const padded = new Float32Array(columns + 2 * reach)
  for (let row = 0; row < rows; row++) {
    padded.set(from.subarray(row * columns, (row + 1) * columns), reach)
    for (let column = 0; column < columns; column++) {
      const middle = column + reach
      let sum = kernel[0]! * padded[middle]!
      for (let d = 1; d <= reach; d++) sum += kernel[d]! * (padded[middle - d]! + padded[middle + d]!)
      to[column * rows + row] = sum
    }
  }
  return to
}
