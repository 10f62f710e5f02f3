/** A picture for `new ImageData(data, width, height)`, or a file: RGBA, row by row. */
export interface Picture {
  /** A Uint8ClampedArray, as for {@link ImageData}: in memory that is not shared. */
  data: ReturnType<typeof Uint8ClampedArray.of>
  width: number
  height: number
}

/**
 * Planes of numbers as a picture: three as red, green and blue, one as grey. `least` becomes black and `most` white; if they
 * are equal all is grey.
 */
export function toPicture(
  planes: readonly Float32Array[],
  width: number,
  least: number,
  most: number,
): Picture {
  const size = planes[0]!.length
  const data = new Uint8ClampedArray(4 * size).fill(255)
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) {
      const value = (planes[c] ?? planes[0]!)[i]!
      data[4 * i + c] = most > least ? (255 * (value - least)) / (most - least) : 128
    }
  }
  return { data, width, height: size / width }
}

/** The planes of a tensor `[…, H, W]`. */
export function planesOf(data: Float32Array, height: number, width: number): Float32Array[] {
  const size = height * width
  return Array.from({ length: data.length / size }, (_, i) => data.subarray(i * size, (i + 1) * size))
}
