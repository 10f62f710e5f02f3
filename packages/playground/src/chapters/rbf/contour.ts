/** Where a function of two variables is 0, as pieces of straight lines: each cell of a grid is cut where its edges are. */
export function contour(
  f: (x: number, y: number) => number,
  [x0, x1]: readonly [number, number],
  [y0, y1]: readonly [number, number],
  columns = 90,
  rows = 63,
): [from: [number, number], to: [number, number]][] {
  const at = (i: number, j: number): [number, number] => [
    x0 + (i / columns) * (x1 - x0),
    y0 + (j / rows) * (y1 - y0),
  ]
  const pieces: [from: [number, number], to: [number, number]][] = []
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const corners = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)]
      const values = corners.map(([x, y]) => f(x, y))
      const cuts: [number, number][] = []
      for (let k = 0; k < 4; k++) {
        const [a, b] = [values[k]!, values[(k + 1) % 4]!]
        if (a < 0 === b < 0) continue
        const [[ax, ay], [bx, by]] = [corners[k]!, corners[(k + 1) % 4]!]
        const share = a / (a - b)
        cuts.push([ax + share * (bx - ax), ay + share * (by - ay)])
      }
      for (let k = 0; k + 1 < cuts.length; k += 2) pieces.push([cuts[k]!, cuts[k + 1]!])
    }
  }
  return pieces
}
