import { HebbError } from '../../errors'
import { type Dataset, fromArrays } from '../dataset'
import { idxSize, parseIdx } from './idx'
import { bytesOf, nameOf, type Source } from './source'

/**
 * Makes a data set from idx files, the format of MNIST and similar data (Fashion-MNIST, EMNIST, …). A file is given by its
 * bytes, its path (Node) or its URL, and may be compressed with gzip.
 *
 * `[N, H, W]` becomes samples `[1, H, W]`; `[N, C, H, W]` and `[N, features]` do not change. Unsigned bytes are read as
 * value / 255, all other types unscaled. Integer labels `[N]` are class numbers; float labels `[N]` and labels
 * `[N, outputs]` are target values.
 *
 * @example await datasets.fromIdx('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz')
 * @throws HebbError `file`, `shape`, `data`
 */
export async function fromIdx(images: Source, labels?: Source): Promise<Dataset> {
  const read = async (source: Source, otherwise: string) => {
    const name = nameOf(source, otherwise)
    return { ...parseIdx(await bytesOf(source, name, idxSize), name), name }
  }
  const [x, t] = await Promise.all([
    read(images, 'the first file'),
    labels === undefined ? undefined : read(labels, 'the file of labels'),
  ])
  if (x.shape.length === 1) {
    throw new HebbError(
      'shape',
      `${x.name} has shape [${x.shape}]: samples need two dimensions or more; are these the labels?`,
    )
  }
  if (t && t.shape[0] !== x.shape[0]) {
    throw new HebbError('shape', `${t.name} has ${t.shape[0]} labels for ${x.shape[0]} samples in ${x.name}`)
  }
  const [samples, ...shape] = x.shape as [number, ...number[]]
  const input = { data: x.data, shape: [samples, ...(shape.length === 2 ? [1, ...shape] : shape)] }
  if (!t) return fromArrays(input)
  if (t.shape.length === 1 && !(t.data instanceof Float32Array)) return fromArrays(input, t.data)
  return fromArrays(input, {
    data: Float32Array.from(t.data),
    shape: [samples, ...(t.shape.length === 1 ? [1] : t.shape.slice(1))],
  })
}
