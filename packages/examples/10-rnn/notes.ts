// The formulas of the notes, step by step: h = σ(UX + Wh₋₁ + B), Y = O(Vh + C), the state matrix S, and backpropagation
// through time, computed here by hand in 64 bits and compared with what `net.trace` says.
import { dense, network, rnn } from 'hebb'

type Matrix = readonly (readonly number[])[]

const U: Matrix = [
  [0.5, -1],
  [1, 0.25],
]
const W: Matrix = [
  [0.5, -0.5],
  [1, 0],
]
const B = [0.1, -0.2]
const V: Matrix = [[1, -2]]
const C = [0.3]
const X: Matrix = [
  [1, 0],
  [0, 1],
  [1, 1],
]
const T: Matrix = [[0], [0], [1]]

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const times = (matrix: Matrix, v: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, w, j) => sum + w * v[j]!, 0))
const transposed = (matrix: Matrix) => matrix[0]!.map((_, j) => matrix.map((row) => row[j]!))
const tensor = (rows: Matrix) => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]!.length],
})
const vector = (values: readonly number[]) => ({ data: Float32Array.from(values), shape: [values.length] })
const shown = (values: readonly number[]) => values.map((value) => value.toFixed(4).padStart(7)).join(' ')

/** Prints the steps; returns the largest difference from the network's trace. */
export async function echo(say: (text: string) => void): Promise<number> {
  // Forward: row t of S is the state h at step t.
  const S: number[][] = []
  const Y: number[][] = []
  say('h = σ(UX + Wh₋₁ + B) and Y = σ(Vh + C), step by step:')
  for (const [t, x] of X.entries()) {
    const before = S.at(-1) ?? [0, 0]
    const [fromX, fromH] = [times(U, x), times(W, before)]
    S.push(B.map((b, i) => sigmoid(fromX[i]! + fromH[i]! + b)))
    Y.push(times(V, S[t]!).map((y, i) => sigmoid(y + C[i]!)))
    say(`  t = ${t}  X ${x.join(' ')}  h ${shown(S[t]!)}  Y ${shown(Y[t]!)}`)
  }
  // Backward, E = ½Σ(t − y)²: δ of the output, and that of the state, to which the next step adds Wᵀδ.
  const outputs = Y.map((y, t) => y.map((a, i) => (a - T[t]![i]!) * a * (1 - a)))
  const states: number[][] = []
  for (let t = X.length - 1; t >= 0; t--) {
    const next = states[0] ? times(transposed(W), states[0]) : [0, 0]
    const own = times(transposed(V), outputs[t]!)
    states.unshift(S[t]!.map((h, i) => (own[i]! + next[i]!) * h * (1 - h)))
  }
  const sum = (deltas: Matrix, inputs: Matrix) =>
    deltas[0]!.map((_, i) =>
      inputs[0]!.map((_, j) => deltas.reduce((all, d, t) => all + d[i]! * inputs[t]![j]!, 0)),
    )
  const byHand = {
    dU: sum(states, X),
    dW: sum(states, [[0, 0], ...S.slice(0, -1)]),
    dV: sum(outputs, S),
  }

  const net = await network(
    [3, 2],
    [
      rnn({ units: 2, activation: 'sigmoid', returns: 'all', name: 'h' }),
      dense({ units: 1, activation: 'sigmoid', name: 'Y' }),
    ],
  )
  await net.setWeights({
    'h.weight_ih_l0': tensor(U),
    'h.weight_hh_l0': tensor(W),
    'h.bias_ih_l0': vector(B),
    'h.bias_hh_l0': vector([0, 0]),
    'Y.weight': tensor(V),
    'Y.bias': vector(C),
  })
  const { layers } = await net.trace(
    [X],
    { data: tensor(T).data, shape: [1, 3, 1] },
    { loss: 'sumSquaredError' },
  )
  const [h, y] = layers as unknown as Record<string, { data: Float32Array }>[]
  const pairs: [Matrix, { data: Float32Array }][] = [
    [S, h!.a!],
    [Y, y!.a!],
    [byHand.dU, h!.dEdweight_ih_l0!],
    [byHand.dW, h!.dEdweight_hh_l0!],
    [byHand.dV, y!.dEdw!],
  ]
  const difference = Math.max(
    ...pairs.flatMap(([rows, { data }]) => rows.flat().map((value, i) => Math.abs(value - data[i]!))),
  )
  say(
    `  ∂E/∂W ${shown(byHand.dW.flat())}  by Σ δ(t)·h(t−1)ᵀ; the trace differs by ${difference.toExponential(0)}\n`,
  )
  net.dispose()
  return difference
}
