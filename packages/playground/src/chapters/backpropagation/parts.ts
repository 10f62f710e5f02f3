// The units and the weights of the diagram, with their values and the factors behind these.
import type { Trace } from 'hebb'
import * as model from './model'

export interface Part {
  id: string
  /** Its symbol. */
  name: string
  /** How its numbers come about, each a line. */
  story: readonly string[]
}

export interface Unit extends Part {
  /** The column, 0 to 2, and the place in it, 0 to 1. */
  column: number
  place: number
  a: number
  net?: number
  delta?: number
}

export interface Weight extends Part {
  from: string
  to: string
  w: number
  dw: number
}

export const short = (value: number) => {
  const digits = Math.abs(value) > 0 && Math.abs(value) < 0.00005 ? value.toExponential(1) : value.toFixed(4)
  return digits.replace(/(\.\d\d)0+$/, '$1').replaceAll('-', '−')
}

export function partsOf(trace: Trace): { units: Unit[]; weights: Weight[] } {
  const [hidden, output] = trace.layers as [Trace['layers'][0], Trace['layers'][0]]
  const w = model.weights.value
  const dw = model.changes(trace)
  const x = [model.x1.value, model.x2.value]
  const [aj, ak] = [hidden.a.data, output.a.data[0]!]
  const [dj, dk] = [hidden.delta.data, output.delta.data[0]!]
  const t = model.t.value
  const s = short
  const rate = s(model.rate.value)
  const places = [0.12, 0.88]
  const units: Unit[] = [
    ...x.map((value, i) => ({
      id: `i${i}`,
      name: `i${'₁₂'[i]}`,
      column: 0,
      place: places[i]!,
      a: value,
      story: [`An input: a = ${s(value)}`],
    })),
    ...[0, 1].map((j) => ({
      id: `j${j}`,
      name: `j${'₁₂'[j]}`,
      column: 1,
      place: places[j]!,
      a: aj[j]!,
      net: hidden.net.data[j]!,
      delta: dj[j]!,
      story: [
        `net = Σ w a + b = ${s(w[2 * j]!)} · ${s(x[0]!)} + ${s(w[2 * j + 1]!)} · ${s(x[1]!)} + ${s(w[4 + j]!)} = ${s(hidden.net.data[j]!)}`,
        `a = 1 / (1 + e^−net) = ${s(aj[j]!)}`,
        `δ = a (1 − a) · δₖ wₖⱼ = ${s(aj[j]!)} · ${s(1 - aj[j]!)} · ${s(dk)} · ${s(w[6 + j]!)} = ${s(dj[j]!)}`,
        `bias b = ${s(w[4 + j]!)}, Δb = ε δ = ${rate} · ${s(dj[j]!)} = ${s(dw[4 + j]!)}`,
      ],
    })),
    {
      id: 'k',
      name: 'k',
      column: 2,
      place: 0.5,
      a: ak,
      net: output.net.data[0]!,
      delta: dk,
      story: [
        `net = ${s(w[6]!)} · ${s(aj[0]!)} + ${s(w[7]!)} · ${s(aj[1]!)} + ${s(w[8]!)} = ${s(output.net.data[0]!)}`,
        `a = 1 / (1 + e^−net) = ${s(ak)}`,
        `δ = (t − a) · a (1 − a) = ${s(t - ak)} · ${s(ak)} · ${s(1 - ak)} = ${s(dk)}`,
        `bias b = ${s(w[8]!)}, Δb = ε δ = ${rate} · ${s(dk)} = ${s(dw[8]!)}`,
      ],
    },
  ]
  const weight = (index: number, from: Unit, to: Unit): Weight => ({
    id: `w${index}`,
    name: `w(${to.name} ${from.name})`,
    from: from.id,
    to: to.id,
    w: w[index]!,
    dw: dw[index]!,
    story: [
      `w = ${s(w[index]!)}, from ${from.name} to ${to.name}`,
      `∂E/∂w = −δ a = −(${s(to.delta!)}) · ${s(from.a)} = ${s(-to.delta! * from.a)}`,
      `Δw = ε δ a = ${rate} · ${s(to.delta!)} · ${s(from.a)} = ${s(dw[index]!)}`,
    ],
  })
  const [i1, i2, j1, j2, k] = units as [Unit, Unit, Unit, Unit, Unit]
  const weights = [
    weight(0, i1, j1),
    weight(1, i2, j1),
    weight(2, i1, j2),
    weight(3, i2, j2),
    weight(6, j1, k),
    weight(7, j2, k),
  ]
  return { units, weights }
}
