/** Small square pictures of `planes` planes each as one picture, with a line of `ground` between them. */
export function mosaic(data: Float32Array, count: number, side: number, planes = 1, ground = 0) {
  let columns = Math.ceil(Math.sqrt(2 * count))
  // So that the last row is full.
  while (count % columns !== 0) columns++
  const [width, height] = [columns * (side + 1) - 1, Math.ceil(count / columns) * (side + 1) - 1]
  const all = new Float32Array(planes * width * height).fill(ground)
  for (let k = 0; k < count; k++) {
    const [top, left] = [Math.floor(k / columns) * (side + 1), (k % columns) * (side + 1)]
    for (let plane = 0; plane < planes; plane++) {
      for (let row = 0; row < side; row++) {
        const from = ((k * planes + plane) * side + row) * side
        all.set(data.subarray(from, from + side), (plane * height + top + row) * width + left)
      }
    }
  }
  return { data: all, width, height }
}
