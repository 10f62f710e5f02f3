// Converts a drawing to an image like those of MNIST.
const SIDE = 28
/** The side of the square that the digit fills. */
const BOX = 20

/**
 * MNIST's preprocessing of its scans: the bounding box of the ink fitted into 20 × 20, its centre of mass moved to the
 * centre of 28 × 28. `ink` is `[height, width]`, 0…255, and so is the result. Undefined without ink.
 */
export function normalize(ink: ArrayLike<number>, width: number, height: number): Uint8Array | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1]
  let [mass, sumX, sumY] = [0, 0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = ink[y * width + x]!
      if (value === 0) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
      mass += value
      sumX += value * (x + 0.5)
      sumY += value * (y + 0.5)
    }
  }
  if (mass === 0) return undefined
  const scale = BOX / Math.max(right - left + 1, bottom - top + 1)
  const columns = resample(ink, height, width, scale, SIDE / 2 - (sumX / mass) * scale)
  const image = resample(columns, SIDE, height, scale, SIDE / 2 - (sumY / mass) * scale)
  return Uint8Array.from(image, (value) => Math.min(255, Math.round(value)))
}

/**
 * Scales each of the lines to 28 values, position x to x · scale + offset: every value is the mean over the area that it
 * covers, which keeps thin strokes. Returns the transpose, so that two calls cover both directions.
 */
function resample(source: ArrayLike<number>, lines: number, length: number, scale: number, offset: number) {
  const result = new Float32Array(SIDE * lines)
  for (let i = 0; i < SIDE; i++) {
    const from = Math.max(0, (i - offset) / scale)
    const to = Math.min(length, (i + 1 - offset) / scale)
    for (let place = Math.floor(from); place < to; place++) {
      const weight = (Math.min(to, place + 1) - Math.max(from, place)) * scale
      for (let line = 0; line < lines; line++) {
        result[i * lines + line]! += weight * source[line * length + place]!
      }
    }
  }
  return result
}
