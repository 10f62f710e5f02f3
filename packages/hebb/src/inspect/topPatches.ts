import type { Dataset } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import { batches } from '../data/streams/batches'
import type { PlainSample } from '../data/streams/sample'
import type { SampleSource } from '../data/streams/source'
import { HebbError } from '../errors'
import { Network } from '../network/network'
import { checkKeys, checkWhole } from '../options'
import { type Picture, planesOf, toPicture } from './picture'
import { type Region, receptiveField } from './receptiveField'

/** The part of an image that a channel answers to. */
export interface Patch {
  /** The output of the channel. */
  value: number
  /** The number of the sample. */
  sample: number
  /** Row and column in the channel's map. */
  place: readonly [row: number, column: number]
  /** The rows and columns of the image that this output depends on, each from the first to the last. */
  region: Region
  /** This part of the image: grey or coloured; bytes as they are, of floats black is the image's least value and white its largest. */
  picture: Picture
}

/** Samples that are computed at once. */
const READ = 16

/**
 * What the channels of a layer answer to: for each channel the `count` samples (9 by default) with its largest outputs, the largest
 * first, and of each the patch of the image that this output depends on, cut at the border (as in Zeiler and Fergus, "Visualizing and
 * understanding convolutional networks", 2014). `data` is a data set or a stream of samples `{ x }`, which is read once.
 *
 * @example const [edges] = await topPatches(net, test, { layer: 'conv1' })
 * @throws HebbError `option`; `shape` unless the network reads one image `[1, H, W]` or `[3, H, W]` and the layer's output is
 * `[C, H, W]`; `data`
 */
export async function topPatches(
  net: Network,
  data: Dataset | SampleSource<PlainSample>,
  options: { layer: string; count?: number },
): Promise<Patch[][]> {
  const who = 'topPatches'
  if (!(net instanceof Network))
    throw new HebbError('option', `${who} takes a network, data and a layer's name`)
  checkKeys(who, options, ['layer', 'count'])
  const { inputs, layers } = net.description
  const most = checkWhole(who, 'count', options.count ?? 9, 1, 10_000)
  const layer = layers.find(({ name }) => name === options.layer)
  const maps = layers.filter(({ output }) => output.length === 3).map(({ name }) => name)
  if (!layer || !maps.includes(layer.name)) {
    throw new HebbError('option', `${who}: layer must be one whose output is [C, H, W]: ${maps.join(', ')}`)
  }
  const shape = inputs[0]![1]
  if (inputs.length > 1 || shape.length !== 3 || (shape[0] !== 1 && shape[0] !== 3)) {
    throw new HebbError('shape', `${who} takes a network that reads one image, [1, H, W] or [3, H, W]`)
  }
  const [channels, height, width] = layer.output as [number, number, number]
  const size = shape.reduce((a, b) => a * b)
  const field = receptiveField(net, layer.name)
  const best = Array.from({ length: channels }, (): Patch[] => [])
  let sample = 0
  const source = isDataset(data)
    ? batches(data, { batchSize: READ, shuffle: false })
    : batches(data, { batchSize: READ })
  for await (const { x } of source) {
    const planes = planesOf((await net.activations(x))[layer.name]!.data, height, width)
    for (let i = 0; i * channels < planes.length; i++, sample++) {
      const image = x.data.subarray(i * size, (i + 1) * size)
      for (const [channel, own] of best.entries()) {
        const plane = planes[i * channels + channel]!
        const at = plane.reduce((most, value, at) => (value > plane[most]! ? at : most), 0)
        const value = plane[at]!
        if (own.length === most && !(value > own[most - 1]!.value)) continue
        const place = [Math.floor(at / width), at % width] as const
        const region = field(...place)
        const after = own.findIndex((other) => value > other.value)
        const patch = { value, sample, place, region, picture: cut(image, shape, region) }
        own.splice(after < 0 ? own.length : after, 0, patch)
        own.length = Math.min(own.length, most)
      }
    }
  }
  return best
}

/** A part of an image `[C, H, W]`. */
function cut(
  image: Float32Array | Uint8Array,
  [channels, height, width]: readonly number[],
  [[top, bottom], [left, right]]: Region,
): Picture {
  const bytes = image instanceof Uint8Array
  const least = bytes ? 0 : image.reduce((a, b) => Math.min(a, b), Infinity)
  const most = bytes ? 255 : image.reduce((a, b) => Math.max(a, b), -Infinity)
  const columns = right - left + 1
  const planes = Array.from({ length: channels! }, (_, c) => {
    const plane = new Float32Array(columns * (bottom - top + 1))
    for (let row = top; row <= bottom; row++) {
      const from = (c * height! + row) * width! + left
      plane.set(image.subarray(from, from + columns), (row - top) * columns)
    }
    return plane
  })
  return toPicture(planes, columns, least, most)
}
