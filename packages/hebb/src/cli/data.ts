// The data of a command: CSV, idx, folders of images, images.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { type CsvOptions, type Dataset, datasets, type FileImageOptions, HebbError } from 'hebb'
import { parseIdx } from '../data/formats/idx'
import { bytesOf } from '../data/formats/source'

/** The options of commands that read data. */
export interface DataOptions {
  target?: string[]
  columns?: string[]
  classes?: true
  delimiter?: string
  missing?: 'error' | 'skip' | 'mean'
  header?: boolean
  labels?: string
  size?: [number, number]
  channels?: '1' | '3'
}

/** How data was read: saved with a network, so that a second file is read as the first one was. */
export type Reading =
  | { format: 'CSV'; options: CsvOptions }
  | { format: 'idx' }
  | { format: 'images'; options: FileImageOptions }

export interface Data {
  dataset: Dataset
  /** The names of the classes, if targets are classes. */
  classes: readonly string[] | undefined
  /** The number of the classes or of the target values of a sample; 0 without targets. */
  outputs: number
  /** The files of the samples, if each has one. */
  files: readonly string[] | undefined
  reading: Reading
}

/** What is known before data is read. */
export interface Known {
  /** How the data of the network's training was read. */
  reading?: Reading | undefined
  /** The shape of the network's input. */
  input?: readonly number[] | undefined
  /** The names of the network's classes. */
  classes?: readonly string[] | undefined
  /** Whether targets are needed. */
  targets: boolean
}

const OWN: Record<Reading['format'], readonly (keyof DataOptions)[]> = {
  CSV: ['target', 'columns', 'classes', 'delimiter', 'header', 'missing'],
  idx: ['labels'],
  images: ['size', 'channels'],
}

export const isImage = (path: string) => /\.(png|jpe?g)$/i.test(path)

/** The format of a file or a folder, by its name. */
function formatOf(path: string): Reading['format'] {
  if (!existsSync(path)) throw new HebbError('file', `${path} does not exist`)
  if (statSync(path).isDirectory() || isImage(path)) return 'images'
  return /[-.]idx/.test(path) ? 'idx' : 'CSV'
}

/** Reads the data that a command names; throws for options of another format. */
export async function openData(path: string, given: DataOptions, known: Known): Promise<Data> {
  const format = formatOf(path)
  for (const [other, keys] of Object.entries(OWN)) {
    const foreign = other === format ? undefined : keys.find((key) => given[key] !== undefined)
    if (foreign)
      throw new InvalidArgumentError(`--${foreign} is for ${other}, and ${path} is read as ${format}`)
  }
  return { CSV: openCsv, idx: openIdx, images: openImages }[format](path, given, known)
}

async function openCsv(
  path: string,
  { target, columns, classes, delimiter, missing, header }: DataOptions,
  { reading, classes: names, targets }: Known,
): Promise<Data> {
  const options: CsvOptions = {
    ...(/\.tsv(\.gz)?$/i.test(path) && { delimiter: '\t' }),
    ...(names && { classes: names }),
    ...(reading?.format === 'CSV' && reading.options),
    ...(target && { target }),
    ...(columns && { columns }),
    ...(classes && !names && { classes }),
    ...(delimiter && { delimiter }),
    ...(missing && { onMissing: missing }),
    ...(header !== undefined && { header }),
  }
  if (targets && options.target === undefined)
    throw new InvalidArgumentError('name the column that is to be learnt: --target COLUMN')
  const { target: _, classes: __, ...inputs } = options
  const read = await datasets.fromCsv(
    path,
    targets || (options.target && !options.columns) ? options : inputs,
  )
  return {
    dataset: read.dataset,
    classes: read.classes,
    outputs: read.classes?.length ?? [options.target ?? []].flat().length,
    files: undefined,
    reading: {
      format: 'CSV',
      options: {
        ...options,
        columns: rawColumns(read.columns, read.categories),
        categories: read.categories,
        ...(read.classes && { classes: read.classes }),
      },
    },
  }
}

/** The columns of the file that features come from: a category is `column=category`. */
function rawColumns(features: readonly string[], categories: Readonly<Record<string, string[]>>): string[] {
  const origin = new Map(
    Object.entries(categories).flatMap(([column, all]) => all.map((one) => [`${column}=${one}`, column])),
  )
  return [...new Set(features.map((feature) => origin.get(feature) ?? feature))]
}

async function openIdx(path: string, { labels }: DataOptions, { targets }: Known): Promise<Data> {
  const beside = path.replace(/images(?=[-.]idx)/, 'labels').replace('idx3', 'idx1')
  const found = labels ?? (beside !== path && existsSync(beside) ? beside : undefined)
  const reading = { format: 'idx' } as const
  if (!targets || found === undefined) {
    if (targets) throw new InvalidArgumentError(`name the labels of ${path}: --labels FILE`)
    const dataset = await datasets.fromIdx(path)
    return { dataset, classes: undefined, outputs: 0, files: undefined, reading }
  }
  const dataset = await datasets.fromIdx(path, found)
  const { data, shape } = parseIdx(await bytesOf(found, found), found)
  if (shape.length > 1 || data instanceof Float32Array)
    return { dataset, classes: undefined, outputs: shape[1] ?? 1, files: undefined, reading }
  let outputs = 0
  for (const label of data) outputs = Math.max(outputs, label + 1)
  const classes = Array.from({ length: outputs }, (_, number) => `${number}`)
  return { dataset, classes, outputs, files: undefined, reading }
}

async function openImages(
  path: string,
  { size, channels }: DataOptions,
  { reading, input, classes, targets }: Known,
): Promise<Data> {
  // What the network takes says most of it.
  const [planes, height, width] = input?.length === 3 ? input : []
  const options: FileImageOptions = {
    ...(height !== undefined && { size: [height, width!], channels: planes === 1 ? 1 : 3 }),
    ...(reading?.format === 'images' && reading.options),
    ...(size && { size }),
    ...(channels && { channels: Number(channels) as 1 | 3 }),
  }
  if (!targets) {
    const files = isImage(path) ? [path] : imagesIn(path)
    const dataset = await datasets.fromImages(files, undefined, options)
    return { dataset, classes: undefined, outputs: 0, files, reading: { format: 'images', options } }
  }
  if (isImage(path))
    throw new InvalidArgumentError(`${path} is one image: name a folder with one for each class`)
  const read = await datasets.fromImageFolder(path, { ...options, ...(classes && { classes }) })
  const { dataset, files } = read
  return {
    dataset,
    classes: read.classes,
    outputs: read.classes.length,
    files,
    reading: { format: 'images', options },
  }
}

/** The images in a folder and in its folders, without hidden ones. */
function imagesIn(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const images = all.filter((path) => isImage(path) && !/(^|[\\/])\./.test(path)).sort()
  if (images.length === 0) throw new HebbError('data', `${folder} has no PNG or JPEG files`)
  return images.map((path) => join(folder, path))
}
