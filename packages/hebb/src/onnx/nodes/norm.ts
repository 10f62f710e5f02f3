// Normalisation and dropout.
import { batchNorm, dropout, localResponseNorm } from '../../layers'
import { size } from '../../tensor'
import { stem, tensor } from '../graph/builder'
import type { Constant } from '../graph/constants'
import type { Translator } from '../graph/node'
import { Source, shownShape } from '../graph/value'
import { image } from './window'

const normalization: Translator = (node) => {
  if (node.int('training_mode') === 1 || node.isRead(1)) node.fail('is in training mode')
  const value = node.ordered()
  const { sample } = value
  const parts = [1, 2, 3, 4].map((at) => node.weights(at))
  const [channels = 1] = sample
  if (value.batchAxis !== 0 || !value.ordered || parts.some(({ shape }) => size(shape) !== channels))
    node.fail(`needs statistics for each channel of [${shownShape(value)}]`)
  const read =
    sample.length === 1
      ? sample
      : [channels, ...(sample.length === 3 ? sample.slice(1) : [size(sample) / channels, 1])]
  const from = node.network.read(value.source, read)
  const epsilon = node.float('epsilon', 1e-5)
  const momentum = Math.min(1, Math.max(0, 1 - node.float('momentum', 0.9)))
  const [weight, bias, mean, variance] = parts.map((part) => tensor(part, [channels])) as [
    ReturnType<typeof tensor>,
    ReturnType<typeof tensor>,
    ReturnType<typeof tensor>,
    ReturnType<typeof tensor>,
  ]
  const weights = { weight, bias, running_mean: mean, running_var: variance }
  const layer = batchNorm({ epsilon, momentum })
  return value.of(new Source(() => node.network.add(layer, [from], read, weights, stem(parts[0]!.name))))
}

const responseNorm: Translator = (node) => {
  const value = node.ordered()
  const { from, shape, lines } = image(node, value)
  if (lines) node.fail('needs [N, C, H, W]')
  const size = node.int('size')
  // One more channel would lie behind, Hebb has one more before.
  if (size % 2 === 0) node.fail(`over an even number of channels, ${size}`)
  const layer = localResponseNorm({
    size,
    alpha: node.float('alpha', 1e-4),
    beta: node.float('beta', 0.75),
    k: node.float('bias', 1),
  })
  return value.of(new Source(() => node.network.add(layer, [from], shape)))
}

/** As PyTorch's exporters write it, see graph/patterns.ts: constants are the shape with a new axis, zeros around it, α, k and β. */
const pooledNorm: Translator = (node) => {
  const value = node.ordered()
  const { from, shape, lines } = image(node, value)
  const [wide, pads, alpha, k, beta] = [1, 2, 3, 4, 5].map((at) => node.constant(at)) as [
    Constant,
    Constant,
    Constant,
    Constant,
    Constant,
  ]
  const [size = 0, ...others] = node.ints('kernel_shape') ?? []
  const [, one, channels] = wide.list
  const fits =
    !lines &&
    wide.list.length === 5 &&
    one === 1 &&
    channels === shape[0] &&
    `${others}` === '1,1' &&
    `${pads.list}` === `0,0,${size >> 1},0,0,0,0,${(size - 1) >> 1},0,0` &&
    (node.ints('strides') ?? []).every((n) => n === 1) &&
    (node.ints('pads') ?? []).every((n) => n === 0) &&
    node.int('ceil_mode') === 0
  const numbers = [alpha, k, beta].map(({ uniform }) => uniform ?? Number.NaN) as [number, number, number]
  if (!fits || numbers.some(Number.isNaN)) node.fail(`over ${size} channels of [${shape}]`)
  const layer = localResponseNorm({ size, alpha: numbers[0], k: numbers[1], beta: numbers[2] })
  return value.of(new Source(() => node.network.add(layer, [from], shape)))
}

const dropped: Translator = (node) => {
  const value = node.value()
  if (node.isRead(1)) node.fail('returns its mask')
  const training = node.optional(2)?.uniform
  const rate = node.has('ratio') ? node.float('ratio', 0.5) : (node.optional(1)?.uniform ?? 0.5)
  if (training && rate > 0) node.fail('drops values outside of training')
  if (!(rate > 0 && rate < 1)) return value
  const { source } = value
  return value.of(
    new Source(() => node.network.add(dropout({ rate }), [source.layer.name], source.layer.shape)),
  )
}

export const NORM: Record<string, Translator> = {
  BatchNormalization: normalization,
  LRN: responseNorm,
  LocalResponseNorm: pooledNorm,
  Dropout: dropped,
}
