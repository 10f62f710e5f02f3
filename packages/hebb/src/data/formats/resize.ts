// Bilinear resizing. If an image becomes smaller, the triangular filter is widened by the scale (like antialiasing in Pillow
// and torchvision): plain interpolation would use only four of many pixels.

/** Resizes a plane `[h, w]` to `[toH, toW]`, first along the rows, then along the columns. */
export function resize(
  plane: Float64Array,
  h: number,
  w: number,
  toH: number,
  toW: number,
): Float64Array<ArrayBufferLike> {
  const wide = w === toW ? plane : along(plane, h, w, toW)
  return h === toH ? wide : transpose(along(transpose(wide, h, toW), toW, h, toH), toW, toH)
}

/** Resizes every row of `[rows, length]` to `to` values. */
function along(plane: Float64Array, rows: number, length: number, to: number): Float64Array {
  const scale = length / to
  const radius = Math.max(scale, 1)
  const answer = new Float64Array(rows * to)
  for (let i = 0; i < to; i++) {
    // The centres of pixels are at halves.
    const centre = (i + 0.5) * scale
    const from = Math.max(0, Math.floor(centre - radius))
    const end = Math.min(length, Math.ceil(centre + radius))
    const weights = Array.from({ length: end - from }, (_, k) =>
      Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / radius),
    )
    const sum = weights.reduce((a, b) => a + b)
    for (let row = 0; row < rows; row++) {
      let value = 0
      for (let k = 0; k < weights.length; k++) value += weights[k]! * plane[row * length + from + k]!
      answer[row * to + i] = value / sum
    }
  }
  return answer
}

function transpose(plane: Float64Array, h: number, w: number): Float64Array {
  const answer = new Float64Array(h * w)
  for (let i = 0; i < h; i++) for (let j = 0; j < w; j++) answer[j * h + i] = plane[i * w + j]!
  return answer
}
