// Images, and windows that move over them.

import type { NodeView } from '../graph/node'
import { BATCH, type Source, shownShape, type Value, valueIn } from '../graph/value'

/** Zeros around an image: `[[top, bottom], [left, right]]`. */
export type Sides = [[number, number], [number, number]]

/** An image `[C, H, W]`, or a line `[C, L]` as one of height 1: the name of the layer that has it, and its shape. */
export function image(
  node: NodeView,
  value: Value,
): { from: string; shape: [number, number, number]; lines: boolean } {
  const { sample } = value
  const rank = sample.length
  if (value.batchAxis !== 0 || !value.ordered || (rank !== 2 && rank !== 3))
    node.fail(`needs [N, C, H, W] or [N, C, L], got [${shownShape(value)}]`)
  const [channels, height, width] = rank === 3 ? sample : [sample[0], 1, sample[1]]
  const shape = [channels!, height!, width!] as [number, number, number]
  return { from: node.network.read(value.source, shape), shape, lines: rank === 2 }
}

/** A list of one number for each dimension of space, as a pair. */
export function pair(
  node: NodeView,
  list: readonly number[] | undefined,
  lines: boolean,
  otherwise: number,
): [number, number] {
  const own = list ?? Array(lines ? 1 : 2).fill(otherwise)
  if (own.length !== (lines ? 1 : 2)) node.fail(`has a window of ${own.length} dimensions`)
  return (lines ? [otherwise === 0 ? 0 : 1, own[0]] : own) as [number, number]
}

/** The window of a convolution or pooling: its paddings computed, and the size of the output. */
export function windowOf(
  node: NodeView,
  [, ...space]: readonly number[],
  kernel: [number, number],
  lines: boolean,
) {
  const stride = pair(node, node.ints('strides'), lines, 1)
  const dilation = pair(node, node.ints('dilations'), lines, 1)
  const auto = node.text('auto_pad', 'NOTSET') || 'NOTSET'
  const pads = node.ints('pads') ?? []
  const ceil = node.int('ceil_mode') === 1
  const reach = kernel.map((k, d) => (k - 1) * dilation[d]! + 1)
  const given = (d: number): [number, number] => {
    if (pads.length === 0) return [0, 0]
    if (lines) return d === 0 ? [0, 0] : [pads[0] ?? 0, pads[1] ?? 0]
    return [pads[d] ?? 0, pads[d + 2] ?? 0]
  }
  const padding = [0, 1].map((d): [number, number] => {
    if (auto === 'NOTSET') return given(d)
    if (auto === 'VALID') return [0, 0]
    const total = Math.max(0, (Math.ceil(space[d]! / stride[d]!) - 1) * stride[d]! + reach[d]! - space[d]!)
    const less = Math.floor(total / 2)
    return auto === 'SAME_LOWER' ? [total - less, less] : [less, total - less]
  }) as Sides
  if (padding.flat().some((n) => n < 0)) node.fail('has negative padding')
  const output = space.map((n, d) => {
    const [before, after] = padding[d]!
    const rest = n + before + after - reach[d]!
    const full = Math.floor(rest / stride[d]!) + 1
    // The last window must begin inside the image or the padding before it.
    const extra = ceil && rest % stride[d]! !== 0 && full * stride[d]! < n + before
    return full + Number(extra)
  })
  if (output.some((n) => !(n >= 1))) node.fail(`a window of ${kernel} does not fit into ${space}`)
  return { kernel, stride, dilation, padding, ceil, output: output as [number, number] }
}

/** The value of an image that a layer makes. */
export function imageValue(
  source: Source,
  [channels, height, width]: readonly number[],
  lines: boolean,
): Value {
  return valueIn(source, lines ? [BATCH, channels!, width!] : [BATCH, channels!, height!, width!])
}
