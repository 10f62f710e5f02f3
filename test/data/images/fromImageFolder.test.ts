// Folders of images: one class per subfolder, as in image_dataset_from_directory and ImageFolder.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { adam, type Dataset, datasets, dense, flatten, network, standardize } from 'hebb'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { pngOf } from './pngFiles'

const { fromImageFolder } = datasets
const root = mkdtempSync(join(tmpdir(), 'hebb-folder-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'images-'))
})

/** A PNG file of a single grey value. */
function grey(value: number, size = 2): Buffer {
  const data = Buffer.from(
    Array(size * size)
      .fill([value, value, value, 255])
      .flat(),
  )
  return pngOf({ width: size, height: size, data })
}

function write(path: string, bytes: Buffer | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), bytes)
}

/** The first pixel of each sample, and its class. */
async function samplesOf(data: Dataset, classes: number) {
  const size = data.shape.reduce((a, b) => a * b, 1)
  const net = await network([size], [standardize({ mean: 0, deviation: 1 })])
  const values = [...(await net.predict(data)).data].filter((_, i) => i % size === 0)
  // The accuracy of a network that always predicts the same class is the share of that class.
  const counts = []
  for (let wanted = 0; wanted < classes; wanted++) {
    const always = await network(
      [...data.shape] as never,
      [flatten(), dense({ units: classes, activation: 'softmax', initializer: 'zeros' })] as never,
    )
    const weights = await always.weights()
    const [bias] = Object.keys(weights).filter((name) => name.endsWith('bias'))
    weights[bias!]!.data[wanted] = 10
    await always.setWeights(weights)
    counts.push(Math.round(((await always.evaluate(data)).accuracy ?? 0) * data.samples))
  }
  return { values: values.map((value) => Math.round(value * 255)), counts }
}

test('a subfolder is a class; files are sorted, hidden and other files are skipped', async () => {
  write('dogs/b.png', grey(4))
  write('dogs/a.PNG', grey(3))
  write('cats/deeper/z.png', grey(2))
  write('cats/one.png', grey(1))
  // tensorflow #46595, torchvision #2831: a hidden folder became a class; torchvision #109: a hidden file did.
  write('.ipynb_checkpoints/one.png', grey(9))
  write('cats/.ipynb_checkpoints/one.png', grey(9))
  write('.DS_Store', 'x')
  write('dogs/._a.png', 'resource fork')
  write('dogs/Thumbs.db', 'x')
  write('labels.txt', 'x')
  const expected = ['cats/deeper/z.png', 'cats/one.png', 'dogs/a.PNG', 'dogs/b.png']
  for (const place of [folder, `${folder}/`, pathToFileURL(folder)]) {
    const { dataset, classes, files } = await fromImageFolder(place, { channels: 1 })
    expect([classes, files]).toEqual([['cats', 'dogs'], expected])
    expect(dataset.shape).toEqual([1, 2, 2])
    expect(await samplesOf(dataset, 2)).toEqual({ values: [2, 1, 3, 4], counts: [2, 2] })
  }
})

test('a short program, as in Keras', async () => {
  for (let i = 0; i < 20; i++) {
    write(`dark/${i}.png`, grey(i, 3 + (i % 3)))
    write(`light/${i}.png`, grey(235 + i, 3 + (i % 3)))
  }
  const { dataset, classes } = await fromImageFolder(folder, { size: 4, channels: 1 })
  const { train, selection } = await dataset.split({ selection: 0.2, seed: 1 })
  const net = await network([1, 4, 4], [flatten(), dense({ units: 2, activation: 'softmax' })], {
    classes,
    seed: 1,
  })
  await net.fit(train, { epochs: 20, batchSize: 8, optimizer: adam({ learningRate: 0.05 }) })
  expect([selection.samples, (await net.evaluate(selection)).accuracy]).toEqual([8, 1])
})

test('a second folder uses the class numbers of the first', async () => {
  write('b/1.png', grey(7))
  const options = { channels: 1, classes: ['a', 'b', 'c'] } as const
  const { dataset, classes } = await fromImageFolder(folder, options)
  expect(classes).toEqual(['a', 'b', 'c'])
  expect(await samplesOf(dataset, 3)).toEqual({ values: [7], counts: [0, 1, 0] })
  await expect(fromImageFolder(folder, { classes: ['a'] })).rejects.toMatchObject({
    code: 'data',
    message: 'b/1.png is of class "b", none of ["a"]',
  })
})

test('links to files are followed, links to folders are not', async () => {
  write('a/1.png', grey(1))
  symlinkSync(join(folder, 'a', '1.png'), join(folder, 'a', '2.png'))
  symlinkSync(folder, join(folder, 'a', 'all'))
  symlinkSync(join(folder, 'none'), join(folder, 'a', '3.png'))
  expect((await fromImageFolder(folder)).files).toEqual(['a/1.png', 'a/2.png'])
})

test('a list of files, as given by a browser', async () => {
  const file = (path: string, value: number) =>
    Object.defineProperty(
      new File([new Uint8Array(grey(value))], path.split('/').at(-1)!),
      'webkitRelativePath',
      {
        value: path,
      },
    )
  const list = [file('pets/dogs/2.png', 2), file('pets/cats/1.png', 1), file('pets/.DS_Store', 0)]
  const { dataset, classes, files } = await fromImageFolder(list, { channels: 1 })
  expect([classes, files]).toEqual([
    ['cats', 'dogs'],
    ['cats/1.png', 'dogs/2.png'],
  ])
  expect(await samplesOf(dataset, 2)).toEqual({ values: [1, 2], counts: [1, 1] })
  // Files without folders are images with separate targets.
  const plain = await datasets.fromImages(list.slice(0, 2), [1, 0], { channels: 1 })
  expect(await samplesOf(plain, 2)).toEqual({ values: [2, 1], counts: [1, 1] })
})

test('anything else than a folder of images is refused', async () => {
  const refused = (source: unknown, code: string, message: string, options = {}) =>
    expect(fromImageFolder(source as never, options)).rejects.toMatchObject({
      name: 'HebbError',
      code,
      message: expect.stringContaining(message),
    })
  await refused(folder, 'data', 'has no PNG or JPEG files in subfolders')
  await refused(join(folder, 'none'), 'file', 'none could not be read: ENOENT')
  for (const value of [undefined, null, 5, {}, [], [5], ['a/b.png']])
    await refused(value, 'data', 'takes the path of a folder')
  write('a/1.png', grey(1))
  mkdirSync(join(folder, 'empty'))
  write('b/notes.txt', 'x')
  await refused(folder, 'data', 'the class "b" has no images')
  write('b/2.png', grey(1, 5))
  await refused(folder, 'shape', 'a/1.png has the size [2, 2]')
  write('b/2.png', 'no image')
  await refused(folder, 'file', 'b/2.png is neither a PNG nor a JPEG')
  write('b/2.png', grey(1))
  write('b/3.webp', 'x')
  await refused(folder, 'file', 'b/3.webp is an image of another kind: convert it to PNG or JPEG')
  rmSync(join(folder, 'b/3.webp'))
  write('0.png', grey(1))
  await refused(folder, 'data', '0.png lies in no class')
  await refused(folder, 'option', 'classes must be a list of names', { classes: 'a' })
  await refused(folder, 'option', 'no option "image_size"', { image_size: 4 })
  await expect(datasets.fromImages(folder as never)).rejects.toThrow('datasets.fromImageFolder')
})

test('files whose names only contain an extension are not images', async () => {
  write('a/1.png', grey(0))
  write('a/1.png.txt', 'a note')
  write('b/1.png', grey(255))
  write('b/old.jpg.md', 'another')
  expect((await fromImageFolder(folder)).dataset.samples).toBe(2)
})
