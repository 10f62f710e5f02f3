import { HebbError } from '../errors'
import { dense, type Layer, reshape } from '../layers'
import { loss } from '../losses'
import type { Samples } from '../network/input'
import { toFlatInput } from '../network/input'
import { Network } from '../network/network'
import { checkWhole } from '../options'
import { Output } from '../tensor'

/**
 * How much each value of an input matters for the score of a class: ∂z/∂x, where z is the net input of softmax or sigmoid, else the
 * output itself (Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", 2014). It has the shape of the input. By
 * default the class is the one that the network chooses; dropout is off.
 *
 * The input becomes the bias of a layer before the network, whose gradient it is.
 *
 * @throws HebbError `option` for networks with several inputs or outputs, batchNorm or tokens; `shape`, `data`
 */
export async function saliency(net: Network, x: Samples, index?: number): Promise<Output> {
  const who = 'saliency'
  if (!(net instanceof Network)) throw new HebbError('option', `${who} takes a network and one sample`)
  const { inputs, layers } = net.description
  const [name, shape] = inputs[0]!
  const { spec } = net
  const without = spec.layers.find(({ type }) => type === 'batchNorm' || type === 'embedding')
  if (inputs.length > 1 || net.outputs.length > 1 || without) {
    const what = without ? `without ${without.type}` : 'with one input and one output'
    throw new HebbError('option', `${who} takes a network ${what}`)
  }
  const { data, batch } = toFlatInput(x, inputs)
  if (batch.length > 0) throw new HebbError('shape', `${who} takes one sample`)
  const classes = net.outputs[0]!.shape.reduce((a, b) => a * b)
  if (index !== undefined) checkWhole(who, 'the class', index, 0, classes - 1)
  const floats = Float32Array.from(data, data instanceof Uint8Array ? (byte) => byte / 255 : Number)

  const last = net.outputs[0]!.name
  const bias = 'saliency of the input'
  const own = spec.layers.map((layer, at): Layer => {
    const named = { ...layer, name: layers[at]!.name, ...('rate' in layer && { rate: 0 }) } as Layer
    // The score, not the probability.
    const scored =
      layers[at]!.name === last && 'activation' in layer && DECIDERS.includes(String(layer.activation))
    return scored ? ({ ...named, activation: 'identity' } as Layer) : named
  })
  const before = [dense({ units: floats.length, name: bias }), reshape(shape as [number], { name })]
  const score = await Network.create({ ...spec, input: [['one', [1]]], layers: [...before, ...own] })
  try {
    const zeros = { data: new Float32Array(floats.length), shape: [floats.length, 1] }
    const values = { data: floats, shape: [floats.length] }
    await score.setWeights({ ...(await net.weights()), [`${bias}.weight`]: zeros, [`${bias}.bias`]: values })
    const scores = (await score.predict([0])).data
    const chosen = index ?? scores.indexOf(scores.reduce((a, b) => Math.max(a, b)))
    const target = Array.from({ length: classes }, (_, i) => Number(i === chosen))
    const { gradients } = await score.gradients([[0]], [target], { loss: loss((z, t) => z.times(t)) })
    return new Output(gradients[`${bias}.bias`]!.data, shape)
  } finally {
    score.dispose()
  }
}

const DECIDERS = ['softmax', 'logSoftmax', 'sigmoid']
