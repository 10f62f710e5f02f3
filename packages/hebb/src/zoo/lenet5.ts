import { philox } from '../data/random'
import { readFile } from '../engine/files'
import { HebbError } from '../errors'
import { FLOATS, parseSafetensors } from '../interop/safetensors'
import {
  averagePool2d,
  conv2d,
  dense,
  euclideanRbf,
  flatten,
  type Layer,
  standardize,
  subsample2d,
  zeroPadding2d,
} from '../layers'
import { Network } from '../network/network'
import { toSpec } from '../network/spec'
import { checkKeys, checkName, checkWhole } from '../options'
import type { Tensor } from '../tensor'
import { startHash } from '../weights/sha256'
import { bitmaps } from './bitmaps'

export interface Lenet5Options {
  /** `'original'`: the network of the paper. `'modern'`: what most libraries call LeNet-5. Default `'modern'`. */
  variant?: 'modern' | 'original'
  /** `'mnist'`: trained on the digits of MNIST. Default: random weights, to train. */
  weights?: 'mnist'
  /** The seed of random weights. Default 0. */
  seed?: number
}

/** The files of weights, which lie beside this module, and their SHA-256. */
const WEIGHTS = {
  original: {
    place: () => new URL('./lenet5-original-mnist.safetensors', import.meta.url),
    sha256: 'd452c8d939105ea19784f237db5f3e1f74fe2fcabf1dad93561cd05e3f7a6edd',
  },
  modern: {
    place: () => new URL('./lenet5-modern-mnist.safetensors', import.meta.url),
    sha256: 'fd94bfc5fdab20581e51f6db4f0920fde6d6c071203675762ecc43e635a47e96',
  },
}

/** Table I of the paper: the maps of S2 that each of the 16 maps of C3 reads. */
const TABLE = [
  ...[0, 1, 2, 3, 4, 5].map((first) => [first, first + 1, first + 2]),
  ...[0, 1, 2, 3, 4, 5].map((first) => [first, first + 1, first + 2, first + 3]),
  ...[0, 1, 2].map((first) => [first, first + 1, first + 3, first + 4]),
  [0, 1, 2, 3, 4, 5],
].map((maps) => maps.map((map) => map % 6).sort())

/** White pixels become −0.1 and black ones 1.175: the images of MNIST then have a mean of about 0 and a variance of about 1. */
function original(): Layer[] {
  const activation = 'lecunTanh'
  return [
    zeroPadding2d({ padding: 2, name: 'pad' }),
    standardize({ mean: 0.1 / 1.275, deviation: 1 / 1.275, name: 'scale' }),
    conv2d({ filters: 6, kernel: 5, activation, name: 'C1' }),
    subsample2d({ kernel: 2, activation, name: 'S2' }),
    conv2d({ filters: 16, kernel: 5, connections: TABLE, activation, name: 'C3' }),
    subsample2d({ kernel: 2, activation, name: 'S4' }),
    conv2d({ filters: 120, kernel: 5, activation, name: 'C5' }),
    flatten(),
    dense({ units: 84, activation, name: 'F6' }),
    euclideanRbf({ centers: bitmaps(), activation: 'softmax', name: 'OUTPUT' }),
  ]
}

function modern(): Layer[] {
  const activation = 'tanh'
  return [
    standardize({ mean: 0.1307, deviation: 0.3081 }),
    conv2d({ filters: 6, kernel: 5, padding: 2, activation }),
    averagePool2d({ kernel: 2 }),
    conv2d({ filters: 16, kernel: 5, activation }),
    averagePool2d({ kernel: 2 }),
    flatten(),
    dense({ units: 120, activation }),
    dense({ units: 84, activation }),
    dense({ units: 10, activation: 'softmax' }),
  ]
}

/** The inputs of the unit that each weight of a layer belongs to; the four of a subsampling share one weight. */
function fans(layer: string, count: number): (weight: number) => number {
  if (layer === 'C3') {
    const each = TABLE.flatMap((maps) => maps.flatMap(() => Array<number>(25).fill(25 * maps.length)))
    return (weight) => each[weight]!
  }
  const inputs = { C1: 25, S2: 4, S4: 4, C5: 400, F6: 120 }[layer] ?? count
  return () => inputs
}

/** The paper's random weights: uniform between ±2.4 / inputs of the unit; biases are 0. */
function initial(weights: Record<string, Tensor>, seed: number): Record<string, Tensor> {
  for (const [number, [name, { data }]] of Object.entries(weights).entries()) {
    const [layer, part] = name.split('.') as [string, string]
    if (part !== 'weight') continue
    const inputs = fans(layer, data.length)
    for (let i = 0; i < data.length; i++) {
      const [bits] = philox([i, 0, 1, number], [seed, 0]) as [number]
      data[i] = ((bits / 2 ** 31 - 1) * 2.4) / inputs(i)
    }
  }
  return weights
}

/**
 * LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998), `[1, 28, 28]` →
 * the probabilities of ten digits. It takes images as `datasets.mnist` gives them: 0 is the background, 1 or 255 as a byte is ink.
 *
 * `original` is the network of the paper, with its layers C1, S2, C3, S4, C5, F6 and OUTPUT, 60,000 parameters: trained
 * subsampling, 1.7159·tanh(2x/3), the table of connections of C3, and distances to drawings of the digits as outputs. Its loss is
 * `crossEntropy({ rubbish: j })`. `modern` is what became of it: average pooling, tanh, all connections, softmax, 61,706 parameters.
 *
 * The weights `'mnist'` lie beside this module, in `lenet5-….safetensors`; nothing is downloaded from anywhere else. Their SHA-256
 * is verified.
 *
 * @example
 * const net = await lenet5({ weights: 'mnist' })
 * const [best] = await net.classify(image)
 * @throws HebbError `option`; `file` if the weights are missing or damaged
 */
export async function lenet5(options: Lenet5Options = {}): Promise<Network<number>> {
  const who = 'lenet5'
  checkKeys(who, options, ['variant', 'weights', 'seed'])
  const variant = checkName(who, 'variant', options.variant ?? 'modern', ['modern', 'original'])
  const seed = checkWhole(who, 'seed', options.seed ?? 0, 0)
  const { weights } = options
  if (weights !== undefined) checkName(who, 'weights', weights, ['mnist'])
  const layers = variant === 'original' ? original() : modern()
  const classes = Array.from({ length: 10 }, (_, digit) => `${digit}`)
  const net = await Network.create(toSpec([1, 28, 28], layers, { seed }), classes, weights !== undefined)
  try {
    if (weights !== undefined) await net.setWeights(await trained(variant))
    else if (variant === 'original') await net.setWeights(initial(await net.weights(), seed))
    return net as Network<number>
  } catch (error) {
    net.dispose()
    throw error
  }
}

async function trained(variant: 'modern' | 'original') {
  const { place, sha256 } = WEIGHTS[variant]
  const url = place()
  const refuse = (why: string): never => {
    const remedy = "it belongs beside hebb's zoo.js; copy it there, as bundlers do, or install hebb anew"
    throw new HebbError('file', `${why}: ${remedy}`)
  }
  const bytes = await readFile(url, url.href).catch((error: HebbError) => refuse(error.message))
  const hash = startHash()
  hash.update(bytes)
  const own = hash.digest()
  if (own !== sha256) refuse(`${url.href} is damaged or another file, with the SHA-256 ${own}, not ${sha256}`)
  return parseSafetensors(bytes, FLOATS).tensors
}
