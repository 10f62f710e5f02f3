import type { Pixels } from './pixels'

/** Turns pixels by Exif's orientation, 1 to 8, as Pillow's `ImageOps.exif_transpose`. */
export function orient(image: Pixels, orientation: number): Pixels {
  if (orientation === 1) return image
  const { data, width: w, height: h } = image
  const isFlippedAcross = [2, 3, 7, 8].includes(orientation)
  const isFlippedDown = [3, 4, 6, 7].includes(orientation)
  // From 5 on rows become columns.
  const isTransposed = orientation > 4
  const [width, height] = isTransposed ? [h, w] : [w, h]
  const pixels = new Uint32Array(data.slice().buffer)
  const turned = new Uint32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = isTransposed ? [y, x] : [x, y]
      const fromX = isFlippedAcross ? w - 1 - column : column
      const fromY = isFlippedDown ? h - 1 - row : row
      turned[y * width + x] = pixels[fromY * w + fromX]!
    }
  }
  return { data: new Uint8Array(turned.buffer), width, height }
}
