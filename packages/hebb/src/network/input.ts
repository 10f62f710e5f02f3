// The samples that a network reads.
import { toBytes } from '../data/images/imageToTensor'
import { checkPixels, isPixels, type Pixels } from '../data/images/pixels'
import { checkNames, isLengths, isNamed, join, type NamedInput, type NamedShape } from '../data/named'
import { toPadded } from '../data/padding'
import { HebbError } from '../errors'
import { borrowTensor, equal, type Input, type Tensor } from '../tensor'

/** Samples for a network: its only input, an image (RGBA pixels, resized to fit), or its inputs by name. */
export type Samples = Input | Pixels | NamedInput

/** One sample or a batch as one array, which may alias the caller's data. */
export interface FlatInput {
  data: Float32Array | Uint8Array
  samples: number
  /** The dimension of the batch: `[N]`, or `[]` for one sample. */
  batch: readonly number[]
}

/** Reads one sample or a batch for some inputs; throws if the shape is another one. */
export function toFlatInput(input: Samples, inputs: readonly NamedShape[]): FlatInput {
  if (inputs.length === 1) return one(input as Input | Pixels, inputs[0]![1])
  if (inputs.some(([name]) => isLengths(name))) return ofSequences(input as Input | NamedInput, inputs)
  return several(input, inputs)
}

/** The same for sequences with lengths of their own, of which the lengths may be left out. */
function ofSequences(input: Input | NamedInput, inputs: readonly NamedShape[]): FlatInput {
  const readable = inputs.filter(([name]) => !isLengths(name))
  const given = isNamed(input) ? input : readable.length === 1 ? { [readable[0]![0]]: input } : {}
  const all: Record<string, Input> = { ...given }
  for (const [name, shape] of readable) {
    const lengths = `${name}.lengths`
    if (!(name in given) || lengths in given || !inputs.some(([other]) => other === lengths)) continue
    const read = toPadded(given[name]!, shape)
    const batch = read.one ? [] : [read.lengths.length]
    all[name] = { data: read.x.data, shape: [...batch, ...shape] }
    all[lengths] = { data: read.lengths, shape: [...batch, 1] }
  }
  return several(all, inputs)
}

function several(input: Samples, inputs: readonly NamedShape[]): FlatInput {
  const names = inputs.map(([name]) => name)
  if (!isNamed(input) || isPixels(input)) {
    throw new HebbError('data', `the network has several inputs: give { ${names.join(', ')} }`)
  }
  checkNames(Object.keys(input), names)
  const parts = inputs.map(([name, shape]) => ({ name, ...one(input[name]!, shape), shape }))
  const { batch } = parts[0]!
  if (parts.some((part) => part.batch.length !== batch.length)) {
    throw new HebbError('shape', `give one sample of all inputs ${names.join(', ')}, or a batch of all`)
  }
  const batches = parts.map(({ name, data, samples, shape }) => [name, { data, shape: [samples, ...shape] }])
  return { ...join(Object.fromEntries(batches)), batch }
}

function one(input: Input | Pixels, own: readonly number[]): FlatInput {
  const { data, shape } = isPixels(input) ? pixels(input, own) : borrowTensor(input)
  if (equal(shape, own)) return { data, samples: 1, batch: [] }
  if (equal(shape.slice(1), own)) return { data, samples: shape[0]!, batch: [shape[0]!] }
  throw new HebbError('shape', `the network expects samples of shape [${own}] or [N, ${own}], got [${shape}]`)
}

function pixels(image: Pixels, own: readonly number[]): Tensor<Uint8Array> {
  const [channels, height, width] = own
  if (own.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new HebbError(
      'shape',
      `only a network with an input [1, H, W] or [3, H, W] takes an image, this one reads [${own}]`,
    )
  }
  checkPixels(image, 'the image')
  return toBytes(image, { channels, size: [height!, width!] }, 'the image')
}
