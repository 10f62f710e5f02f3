import { builtin } from '../../engine/platform'
import { HebbError, shown } from '../../errors'
import { refuse } from '../../options'
import { type Dataset, fromArrays } from '../dataset'
import { type FileImageOptions, readFileOptions, readImages } from './fromImages'
import type { ImageSource } from './openImage'

export interface ImageFolderOptions extends FileImageOptions {
  /** The classes in their order, so that a second folder gets the class numbers of the first. Default: sorted. */
  classes?: readonly string[]
}

export interface ImageFolder {
  /** The samples `[C, H, W]` with their class numbers, sorted by class and path. */
  dataset: Dataset
  /** The names of the classes: for the option `classes` of a network and of a second folder. */
  classes: string[]
  /** The path of each sample relative to the folder, `class/name`. */
  files: string[]
}

/** A file in the folder, with its relative path `class/…/name`. */
interface Entry {
  path: string
  source: ImageSource
}

/** Files that are read; folders of images also contain others, such as notes and thumbnails. */
const IMAGE = /\.(png|jpe?g)$/i
/** Images that cannot be read. */
const OTHER_IMAGE = /\.(gif|bmp|webp|tiff?|avif|heic)$/i

/**
 * Makes a data set from a folder with a subfolder per class that contains PNG and JPEG files at any depth. The folder is
 * given by its path in Node, and by the files of `<input type="file" webkitdirectory>` in a browser. Hidden files and folders
 * and files of other kinds are omitted. The options are those of `datasets.fromImages`.
 *
 * @example
 * const { dataset, classes } = await datasets.fromImageFolder('flowers', { size: 64 })
 * const { train, selection } = await dataset.split({ selection: 0.2, seed: 1 })
 * @throws HebbError `file`, `data`, `shape`, `option`
 */
export async function fromImageFolder(
  folder: string | URL | Iterable<File>,
  options: ImageFolderOptions = {},
): Promise<ImageFolder> {
  const who = 'datasets.fromImageFolder'
  const reading = readFileOptions(who, options, ['classes'])
  const { classes: wanted } = options
  if (wanted !== undefined && !(Array.isArray(wanted) && wanted.every((name) => typeof name === 'string'))) {
    refuse(who, 'classes', 'a list of names', wanted)
  }
  const isPath = typeof folder === 'string' || folder instanceof URL
  const entries = (isPath ? await listed(String(folder), '') : given(who, folder))
    .filter(({ path }) => path.split('/').every((part) => !part.startsWith('.')))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const name = isPath ? String(folder) : 'the list of files'
  const other = entries.find(({ path }) => OTHER_IMAGE.test(path))
  if (other)
    throw new HebbError('file', `${other.path} is an image of another kind: convert it to PNG or JPEG`)
  const images = entries.filter(({ path }) => IMAGE.test(path))
  const loose = images.find(({ path }) => !path.includes('/'))
  if (loose) {
    throw new HebbError('data', `${loose.path} lies in no class: ${name} needs a subfolder for each class`)
  }
  if (images.length === 0) throw new HebbError('data', `${name} has no PNG or JPEG files in subfolders`)
  const classOf = ({ path }: Entry) => path.slice(0, path.indexOf('/'))
  const classes = wanted
    ? [...wanted]
    : [...new Set(entries.filter(({ path }) => path.includes('/')).map(classOf))]
  const numbers = new Map(classes.map((one, number) => [one, number]))
  const t = Uint32Array.from(images, (image) => {
    const number = numbers.get(classOf(image))
    if (number !== undefined) return number
    throw new HebbError(
      'data',
      `${image.path} is of class ${shown(classOf(image))}, none of ${shown(classes)}`,
    )
  })
  const used = new Set(t)
  const empty = wanted ? undefined : classes.find((_, number) => !used.has(number))
  if (empty !== undefined) throw new HebbError('data', `${name}: the class ${shown(empty)} has no images`)
  const tensor = await readImages(
    who,
    images.map(({ source }) => source),
    reading,
  )
  return { dataset: await fromArrays(tensor, t), classes, files: images.map(({ path }) => path) }
}

/** All files below a folder. Links to files are followed, links to folders are not, because these might form a cycle. */
async function listed(folder: string, below: string): Promise<Entry[]> {
  const files = builtin<typeof import('node:fs')>('node:fs')?.promises
  if (!files) {
    throw new HebbError(
      'data',
      'in a browser give datasets.fromImageFolder the files of an <input webkitdirectory>',
    )
  }
  const root = /^file:/.test(folder)
    ? builtin<typeof import('node:url')>('node:url')!.fileURLToPath(folder)
    : folder
  const entries = await files.readdir(root, { withFileTypes: true }).catch((error: Error) => {
    throw new HebbError('file', `the folder ${root} could not be read: ${error.message}`)
  })
  const all = await Promise.all(
    entries.map(async (entry): Promise<Entry[]> => {
      const source = `${root}/${entry.name}`
      const path = below + entry.name
      if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : listed(source, `${path}/`)
      const isFile = entry.isFile() || (await files.stat(source).catch(() => undefined))?.isFile()
      return isFile ? [{ path, source }] : []
    }),
  )
  return all.flat()
}

/** The files from a browser, with their paths relative to the chosen folder. */
function given(who: string, files: Iterable<File>): Entry[] {
  const list = [...((files as Iterable<File> | null)?.[Symbol.iterator] ? files : [])]
  if (list.length === 0 || !list.every((file) => file instanceof Blob)) {
    throw new HebbError('data', `${who} takes the path of a folder or a list of files, got ${shown(files)}`)
  }
  return list.map((file) => ({
    path: (file.webkitRelativePath || file.name || '').split('/').slice(1).join('/') || file.name,
    source: file,
  }))
}
