// The file of a checkpoint: a network's safetensors file with the state of a training, sealed with a checksum.
import { HebbError } from '../errors'
import { separateState, TRAINING } from '../interop/optimizerState'
import { parseSafetensors } from '../interop/safetensors'
import type { NamedTensor } from '../interop/writeSafetensors'
import type { EpochReport } from './report'
import type { Trainable } from './trainable'

/** The first characters of the header. The 64 digits of the checksum follow, as 0 while it is computed. */
const START = '{"__metadata__":{"hebb.sha256":"'

/** Where the checksum begins, after the length of the header. */
const AT = 8 + START.length

const DIGITS = 64

/** The version of the format. Older ones are refused, because a training would not go on with the same bits. */
const VERSION = 1

/** The numbers of an epoch's report, in the order of the file; NaN for one that is undefined. */
const COLUMNS: Record<keyof EpochReport, true> = {
  epoch: true,
  loss: true,
  regularization: true,
  accuracy: true,
  exactMatch: true,
  selectionLoss: true,
  selectionAccuracy: true,
  selectionExactMatch: true,
  seconds: true,
  samplesPerSecond: true,
  learningRate: true,
  gradientNorm: true,
  gradientChange: true,
  gradientLargest: true,
  gradientEvaluations: true,
  lossEvaluations: true,
}

const REPORT = Object.keys(COLUMNS) as (keyof EpochReport)[]

/** What a file says of the training in words. */
export interface TrainingText {
  /** Minibatches of the epoch that were trained. */
  batch: number
  /** The time that they took. */
  seconds: number
  bestEpoch?: number | undefined
  /** How a full-batch optimizer ended the training, if it did. */
  end?: { rule: 'noDecrease' | 'diverged'; explanation: string } | undefined
  /** The artifact, because sums differ in the last bits. */
  simd: string
  /** The network's spec and the options of the run, each as JSON. */
  options: Record<string, string>
}

/** What is in a file besides the network. */
export interface SavedTraining extends TrainingText {
  epochs: EpochReport[]
  /** As the engine gives it: `fitSave`. */
  state: Float32Array
}

/** The bytes of a checkpoint of a network in training. */
export async function writeCheckpoint(
  network: Trainable,
  { epochs, state, ...text }: SavedTraining,
): Promise<Uint8Array<ArrayBuffer>> {
  const reports = Float64Array.from(
    epochs.flatMap((report) => REPORT.map((key) => report[key] ?? Number.NaN)),
  )
  const tensors: NamedTensor[] = [
    { name: TRAINING.epochs, shape: [epochs.length, REPORT.length], data: reports },
    { name: TRAINING.state, shape: [state.length], data: state },
  ]
  const metadata = {
    'hebb.sha256': '0'.repeat(DIGITS),
    'hebb.training': JSON.stringify({ version: VERSION, ...text }),
  }
  const bytes = await network.fileWith({ tensors, metadata })
  bytes.set(new TextEncoder().encode(await checksum(bytes)), AT)
  return bytes
}

/** Reads a checkpoint; `name` is for messages. */
export async function readCheckpoint(bytes: Uint8Array<ArrayBuffer>, name: string) {
  await verify(bytes, name)
  const { tensors, metadata } = parseSafetensors(bytes)
  const text: TrainingText & { version: number } = JSON.parse(metadata['hebb.training'] ?? '{}')
  if (text.version !== VERSION) {
    throw new HebbError(
      'file',
      `${name} is a checkpoint of another version of Hebb, and cannot be resumed: loadNetwork reads the network`,
    )
  }
  const state = tensors[TRAINING.state]!.data as Float32Array
  const reports = tensors[TRAINING.epochs]!
  const epochs = Array.from({ length: reports.shape[0]! }, (_, row) =>
    Object.fromEntries(
      REPORT.map((key, column) => {
        const value = reports.data[row * REPORT.length + column]!
        return [key, Number.isNaN(value) ? undefined : value]
      }),
    ),
  ) as unknown as EpochReport[]
  const training: SavedTraining = { ...text, epochs, state }
  return { ...separateState(tensors, metadata), training }
}

/** Throws unless these are the bytes of a checkpoint as they were written. */
export async function verify(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<void> {
  const start = new TextDecoder().decode(bytes.subarray(8, AT))
  const digits = bytes.slice(AT, AT + DIGITS)
  if (start !== START || digits.length < DIGITS) {
    throw new HebbError('file', `${name} is no checkpoint of a training, or it is damaged`)
  }
  bytes.fill(0x30, AT, AT + DIGITS)
  const own = checksum(bytes)
  // The bytes were copied at once.
  bytes.set(digits, AT)
  if ((await own) === new TextDecoder().decode(digits)) return
  throw new HebbError(
    'file',
    `${name} is damaged: its checksum is another. Resume an older checkpoint, if some were kept`,
  )
}

/** The SHA-256 as hexadecimal digits. */
async function checksum(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!globalThis.crypto?.subtle) {
    throw new HebbError('option', 'checkpoints need a page from https: or localhost, for their checksum')
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
