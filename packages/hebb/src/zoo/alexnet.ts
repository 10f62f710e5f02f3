import { type PreprocessingOptions, preprocessing } from '../data/images/preprocessing'
import { HebbError } from '../errors'
import {
  conv2d,
  dense,
  dropout,
  flatten,
  type Layer,
  localResponseNorm,
  maxPool2d,
  type Padding,
  type Storage,
} from '../layers'
import { Network } from '../network/network'
import { toSpec } from '../network/spec'
import { checkKeys, checkName, checkWhole } from '../options'
import { LOADING, type LoadWeightsOptions, loadWeights } from '../weights/load'
import type { WeightsSource } from '../weights/pieces'
import { imagenetClasses } from './imagenetClasses'

const VARIANTS = ['torchvision', 'original', 'bvlc'] as const

export interface AlexnetOptions extends Omit<LoadWeightsOptions, 'rename'> {
  /**
   * - `'torchvision'` (default): one tower, without normalisation (Krizhevsky, "One weird trick", 2014): input `[3, 224, 224]`,
   *   61,100,840 parameters, 714.2 million multiply–adds. Its layers and weights have torchvision's names.
   * - `'original'`: the paper's (Krizhevsky, Sutskever and Hinton 2012): two groups, local response normalisation, input
   *   `[3, 227, 227]`, 60,965,224 parameters, 724.4 million multiply–adds; weights N(0, 0.01²), biases 1 where the paper has 1.
   * - `'bvlc'`: the original as Caffe's reference model and the ONNX model zoo have it: input `[3, 224, 224]`, α and k of the
   *   normalisation as there, and the last pooling is padded below and to the right.
   */
  variant?: (typeof VARIANTS)[number]
  /** The outputs of the last layer. Default 1000. */
  units?: number
  /** The names of the classes. Default: ImageNet's, for 1000 units. */
  classes?: readonly string[]
  /** The rate of dropout in the dense layers. Default 0.5. */
  dropout?: number
  /**
   * For inference, the weights of the dense layers in fewer bits: `'f16'` needs 127 MB instead of 244, `'int8'` 68. Default: 32
   * bits.
   */
  storage?: Storage
  /** The seed of the initial weights and of dropout. Default 0. */
  seed?: number
  /**
   * A safetensors file with its weights: a path (Node), a URL, a `File` or bytes. For `'torchvision'` that of torchvision's
   * checkpoint, for `'bvlc'` also with the names of the ONNX file (`conv1_w_0`). Default: initial weights.
   */
  weights?: WeightsSource
}

/**
 * AlexNet, which won ImageNet's contest in 2012: images `[3, H, W]` → probabilities `[1000]`.
 *
 * ```
 * 3×224×224 ─ conv 11×11/4 ─ 64×55×55 ─ pool ─ 64×27×27 ─ conv 5×5 ─ 192×27×27 ─ pool ─ 192×13×13
 *   ─ conv 3×3 ─ 384×13×13 ─ conv 3×3 ─ 256×13×13 ─ conv 3×3 ─ 256×13×13 ─ pool ─ 256×6×6 ─ 4096 ─ 4096 ─ 1000
 * ```
 *
 * @example const net = await alexnet({ weights: 'alexnet.safetensors' })
 *   const best = await classifyImage(net, 'cat.jpg', { top: 5 })
 * @throws HebbError `option`, `memory`
 */
export async function alexnet(options: AlexnetOptions = {}): Promise<Network<number>> {
  const who = 'alexnet'
  checkKeys(who, options, [
    'variant',
    'units',
    'classes',
    'dropout',
    'storage',
    'seed',
    'weights',
    ...LOADING,
  ])
  const { variant: kind = 'torchvision', dropout: rate = 0.5, storage, seed = 0, weights, ...rest } = options
  const variant = checkName(who, 'variant', kind, VARIANTS)
  const {
    units: outputs = 1000,
    classes = outputs === 1000 ? await imagenetClasses() : undefined,
    ...loading
  } = rest
  const units = checkWhole(who, 'units', outputs, 2)
  const [useless] = Object.keys(loading)
  if (weights === undefined && useless)
    throw new HebbError('option', `${who}: ${useless} is for loading weights, and there are no weights`)
  const layers =
    variant === 'torchvision' ? torchvision(units, rate, storage) : original(units, rate, storage, variant)
  const side = variant === 'original' ? 227 : 224
  const spec = toSpec([3, side, side], layers, { seed, preprocessing: preprocessing(RECIPES[variant]) })
  const net = (await Network.create(spec, classes, weights !== undefined)) as Network<number>
  try {
    if (weights !== undefined) await loadWeights(net, weights, { ...loading, rename })
    else if (variant === 'original') await startBiases(net)
  } catch (error) {
    net.dispose()
    throw error
  }
  return net
}

/** `conv1_w_0` and `conv1_b_0` of the ONNX file are `conv1.weight` and `conv1.bias`. */
function rename(name: string): string {
  return name.replace(/_w_0$/, '.weight').replace(/_b_0$/, '.bias')
}

/**
 * How the images are prepared. Caffe's model was trained on blue, green, red from 0 to 255 minus the mean colour; the paper's
 * on 256 × 256 minus the mean image, of which the mean colour is what is known.
 */
const RECIPES: Record<(typeof VARIANTS)[number], PreprocessingOptions> = {
  torchvision: { resize: 256, crop: 224, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  original: { resize: 256, crop: 227, scale: 255, mean: [123, 117, 104] },
  bvlc: { resize: [256, 256], crop: 224, order: 'bgr', scale: 255, mean: [104, 117, 123] },
}

/** A convolution with ReLU. */
function conv(name: string, filters: number, kernel: number, options: object = {}) {
  return conv2d({ name, filters, kernel, activation: 'relu', ...options })
}

/** The overlapping pooling. */
function pool(name: string, padding: Padding = 0) {
  return maxPool2d({ name, kernel: 3, stride: 2, padding })
}

function torchvision(units: number, rate: number, storage: Storage | undefined): Layer[] {
  return [
    conv('features.0', 64, 11, { stride: 4, padding: 2 }),
    pool('features.2'),
    conv('features.3', 192, 5, { padding: 2 }),
    pool('features.5'),
    conv('features.6', 384, 3, { padding: 1 }),
    conv('features.8', 256, 3, { padding: 1 }),
    conv('features.10', 256, 3, { padding: 1 }),
    pool('features.12'),
    flatten({ name: 'flatten' }),
    dropout({ name: 'classifier.0', rate }),
    dense({ name: 'classifier.1', units: 4096, activation: 'relu', storage }),
    dropout({ name: 'classifier.3', rate }),
    dense({ name: 'classifier.4', units: 4096, activation: 'relu', storage }),
    dense({ name: 'classifier.6', units, activation: 'softmax', storage }),
  ]
}

function original(
  units: number,
  rate: number,
  storage: Storage | undefined,
  variant: 'original' | 'bvlc',
): Layer[] {
  const initializer = { normal: 0.01 }
  // The paper's sum is not divided by the number of channels.
  const local = variant === 'original' ? { size: 5, alpha: 5e-4, k: 2 } : { size: 5, alpha: 1e-4, k: 1 }
  const start = variant === 'original' ? { initializer } : {}
  return [
    conv('conv1', 96, 11, { stride: 4, ...start }),
    localResponseNorm({ name: 'norm1', ...local }),
    pool('pool1'),
    conv('conv2', 256, 5, { padding: 2, groups: 2, ...start }),
    localResponseNorm({ name: 'norm2', ...local }),
    pool('pool2'),
    conv('conv3', 384, 3, { padding: 1, ...start }),
    conv('conv4', 384, 3, { padding: 1, groups: 2, ...start }),
    conv('conv5', 256, 3, { padding: 1, groups: 2, ...start }),
    pool(
      'pool5',
      variant === 'bvlc'
        ? [
            [0, 1],
            [0, 1],
          ]
        : 0,
    ),
    flatten({ name: 'flatten' }),
    dense({ name: 'fc6', units: 4096, activation: 'relu', storage, ...start }),
    dropout({ name: 'drop6', rate }),
    dense({ name: 'fc7', units: 4096, activation: 'relu', storage, ...start }),
    dropout({ name: 'drop7', rate }),
    dense({ name: 'fc8', units, activation: 'softmax', storage, ...start }),
  ]
}

/** Section 5 of the paper: biases of 1 give the ReLUs positive inputs in the early stages of learning. */
async function startBiases(net: Network<number>): Promise<void> {
  const ones = ['conv2', 'conv4', 'conv5', 'fc6', 'fc7'].map((layer) => {
    const name = `${layer}.bias`
    const { shape } = net.description.tensors.find((tensor) => tensor.name === name)!
    return [name, { data: new Float32Array(shape[0]!).fill(1), shape }]
  })
  await net.setWeights(Object.fromEntries(ones), { partial: true })
}
