import { HebbError } from '../errors'
import { checkKeys, checkNumber, refuse } from '../options'
import type { Random, Transform } from './transform'

/** The principal components of the colours of images, whose values are from 0 to 1. */
export interface ColorComponents {
  /** λ, the eigenvalues of the covariance of red, green and blue, the largest first. */
  values: readonly number[]
  /** p, their eigenvectors, of length 1: the directions `[red, green, blue]`. */
  vectors: readonly (readonly number[])[]
}

/** Those of ImageNet, as in Facebook's training of residual networks (fb.resnet.torch, `datasets/imagenet.lua`, 2016). */
const IMAGENET: ColorComponents = {
  values: [0.2175, 0.0188, 0.0045],
  vectors: [
    [-0.5675, -0.5808, -0.5836],
    [0.7192, -0.0045, -0.6948],
    [0.4009, -0.814, 0.4203],
  ],
}

/**
 * Shifts all colours of an image by α₁λ₁p₁ + α₂λ₂p₂ + α₃λ₃p₃, with αᵢ drawn from N(0, `deviation`²): the light of the scene becomes
 * stronger or weaker, warmer or colder, as in the paper of AlexNet (Krizhevsky, Sutskever and Hinton 2012, section 4.1). Images are
 * `[3, H, W]` with values from 0 to 1, which the results may leave a little.
 *
 * The components λ and p are ImageNet's by default; {@link colorComponents} has those of a data set. `deviation` is 0.1 by default.
 *
 * @example augmented(photographs, [pcaColor({ components: await colorComponents(photographs) })])
 * @throws HebbError `option`; `shape` for images of other channels
 */
export function pcaColor(options: { deviation?: number; components?: ColorComponents } = {}): Transform {
  const who = 'pcaColor'
  checkKeys(who, options, ['deviation', 'components'])
  const usable = (n: number) => n >= 0 && n <= 1e6
  const deviation = checkNumber(who, 'deviation', options.deviation ?? 0.1, usable, '0 to 1e6')
  const { values, vectors } = checked(options.components ?? IMAGENET)
  return ({ data, shape }, random) => {
    if (shape[0] !== 3) throw new HebbError('shape', `${who} takes images [3, H, W], got [${shape}]`)
    const sizes = values.map((value) => deviation * normal(random) * value)
    const shift = [0, 1, 2].map((c) => sizes.reduce((sum, size, i) => sum + size * vectors[i]![c]!, 0))
    const plane = data.length / 3
    return { data: data.map((value, i) => value + shift[Math.floor(i / plane)]!), shape }
  }
}

function checked(components: ColorComponents): ColorComponents {
  checkKeys('pcaColor: components', components, ['values', 'vectors'])
  const numbers = (list: unknown, least: number) =>
    Array.isArray(list) && list.length === 3 && [...list].every((n) => n >= least && n <= 1e6)
  const { values, vectors } = components
  if (!numbers(values, 0)) refuse('pcaColor', 'components.values', 'three numbers of at least 0', values)
  if (!Array.isArray(vectors) || vectors.length !== 3 || ![...vectors].every((one) => numbers(one, -1e6))) {
    refuse('pcaColor', 'components.vectors', 'three lists of three numbers', vectors)
  }
  return components
}

/** A number of N(0, 1), by the method of Box and Muller (1958). */
function normal(random: Random): number {
  const [u, v] = [1 - random(), random()]
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)
}
