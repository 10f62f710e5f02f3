import type { Image } from './transform'

/** The place `[x, y]` of the image that a column and a row of the result show; `at` is their number, row by row. */
type Places = (column: number, row: number, at: number) => readonly [number, number]

/** An image seen at other places, by linear interpolation between the four pixels around each; `fill` outside. */
export function warp({ data, shape }: Image, fill: number, places: Places): Image {
  const [channels, height, width] = shape
  const plane = height * width
  const result = new Float32Array(data.length)
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const [x, y] = places(column, row, at)
      const [left, top] = [Math.floor(x), Math.floor(y)]
      const [u, v] = [x - left, y - top]
      for (let start = 0; start < data.length && channels > 0; start += plane) {
        const pixel = (h: number, w: number) =>
          h >= 0 && h < height && w >= 0 && w < width ? data[start + h * width + w]! : fill
        const upper = (1 - u) * pixel(top, left) + u * pixel(top, left + 1)
        const lower = (1 - u) * pixel(top + 1, left) + u * pixel(top + 1, left + 1)
        result[start + at] = (1 - v) * upper + v * lower
      }
    }
  }
  return { data: result, shape }
}
