import type { Dataset } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import { batches } from '../data/streams/batches'
import { HebbError } from '../errors'
import type { ColorComponents } from './pcaColor'

/** Samples that are read from the data set at once. */
const READ = 256

type Row = [number, number, number]

/**
 * The principal components of the colours of a data set of images `[3, H, W]`: eigenvalues and eigenvectors of the covariance of red,
 * green and blue over all pixels; bytes count as 0 to 1. It reads the data set once.
 *
 * @throws HebbError `option`, `shape`
 */
export async function colorComponents(data: Dataset): Promise<ColorComponents> {
  const who = 'colorComponents'
  if (!isDataset(data)) throw new HebbError('option', `${who} takes a data set, as of datasets.fromArrays`)
  const [channels, ...sizes] = data.shape
  if (channels !== 3 || sizes.length !== 2) {
    throw new HebbError('shape', `${who} takes images [3, H, W], these samples are [${data.shape}]`)
  }
  const plane = sizes[0]! * sizes[1]!
  const sums: Row = [0, 0, 0]
  const products = [0, 1, 2].map((): Row => [0, 0, 0])
  for await (const { x } of batches(data, { batchSize: READ, shuffle: false })) {
    const unit = x.data instanceof Uint8Array ? 255 : 1
    for (let start = 0; start < x.data.length; start += 3 * plane) {
      for (let at = start; at < start + plane; at++) {
        const rgb = [x.data[at]! / unit, x.data[at + plane]! / unit, x.data[at + 2 * plane]! / unit]
        for (let i = 0; i < 3; i++) {
          // Less ½, so that the squares lose nothing to the mean.
          sums[i]! += rgb[i]! - 0.5
          for (let j = 0; j <= i; j++) products[i]![j]! += (rgb[i]! - 0.5) * (rgb[j]! - 0.5)
        }
      }
    }
  }
  const count = data.samples * plane
  const covariance = products.map((row, i) =>
    row.map(
      (_, j) => products[Math.max(i, j)]![Math.min(i, j)]! / count - (sums[i]! / count) * (sums[j]! / count),
    ),
  )
  return eigen(covariance)
}

/** Eigenvalues and eigenvectors of a symmetric matrix, the largest first, by rotations (Jacobi 1846). */
function eigen(matrix: number[][]): ColorComponents {
  const a = matrix.map((row) => [...row])
  const vectors = a.map((_, i) => a.map((_, j) => Number(i === j)))
  for (let sweep = 0; sweep < 30; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const off = a[p]![q]!
      if (off === 0) continue
      const angle = Math.atan2(2 * off, a[q]![q]! - a[p]![p]!) / 2
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      for (const rows of [a, vectors]) turn(rows, p, q, cos, sin)
      for (const row of a) [row[p], row[q]] = [cos * row[p]! - sin * row[q]!, sin * row[p]! + cos * row[q]!]
    }
  }
  const order = [0, 1, 2].sort((i, j) => a[j]![j]! - a[i]![i]!)
  return {
    values: order.map((i) => Math.max(0, a[i]![i]!)),
    vectors: order.map((i) => vectors[i]!),
  }
}

/** Replaces two rows by their rotation. */
function turn(rows: number[][], p: number, q: number, cos: number, sin: number): void {
  const [first, second] = [rows[p]!, rows[q]!]
  rows[p] = first.map((value, i) => cos * value - sin * second[i]!)
  rows[q] = first.map((value, i) => sin * value + cos * second[i]!)
}
