// Samples of any shape as points, in 32 bits: half the memory of 64, and as exact as the network that reads them.
import { type Dataset, type TargetInput, toTargets } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import { HebbError } from '../errors'
import { type Input, size, type Tensor, toTensor } from '../tensor'
import { range } from './samples'

/** Points, one after another. */
export interface Points {
  data: Float32Array<ArrayBuffer>
  samples: number
  /** The shape of a sample. */
  shape: readonly number[]
  /** Values of a sample. */
  features: number
}

/** What the kernels divide bytes by. */
const PART = Math.fround(1 / 255)

function toPoints(who: string, { data, shape }: Tensor<Float32Array | Uint8Array>): Points {
  if (shape.length < 2) {
    throw new HebbError(
      'shape',
      `${who}: samples must have shape [samples, …], got [${shape}]; write [[x], …]`,
    )
  }
  const values =
    data instanceof Uint8Array
      ? Float32Array.from(data, (byte) => byte * PART)
      : (data as Float32Array<ArrayBuffer>)
  const [samples = 0, ...rest] = shape
  return { data: values, samples, shape: rest, features: size(rest) }
}

/** Reads samples with their targets: class numbers or values `[samples, outputs]`, or none. */
export async function readPoints(
  who: string,
  x: Input | Dataset,
  targets?: TargetInput,
): Promise<Points & { t: Uint32Array | Float32Array | undefined }> {
  if (!isDataset(x)) {
    const points = toPoints(who, toTensor(x))
    return { ...points, t: targets === undefined ? undefined : toTargets(targets, points.samples).t }
  }
  const batch = await x.read(range(0, x.samples))
  const { t } = batch
  const points = toPoints(who, batch.x as Tensor)
  return { ...points, t: t instanceof Uint32Array || !t ? t : (t as Tensor).data }
}
