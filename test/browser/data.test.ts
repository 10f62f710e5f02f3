// Data in a browser: URLs, compressed files, canvases and streams.
import { datasets, network, type Sample, standardize } from 'hebb'
import { expect, test } from 'vitest'
import pillow from '../fixtures/pillow/images.json'
import { fingerprint, quarters, quartersData, smallNetwork } from '../helpers/recipe'

/** A URL for some bytes. */
const address = (...parts: BlobPart[]) => URL.createObjectURL(new Blob(parts))

test('CSV from a URL', async () => {
  const { dataset, classes } = await datasets.fromCsv(address('a,t\n1,x\n2,y\n'), { target: 't' })
  expect([dataset.samples, classes]).toEqual([2, ['x', 'y']])
  await expect(datasets.fromCsv('/no/such/file.csv?raw')).rejects.toMatchObject({ name: 'HebbError' })
})

test('idx, compressed', async () => {
  const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4)
  const packed = new Blob([idx]).stream().pipeThrough(new CompressionStream('gzip'))
  const data = await datasets.fromIdx(address(await new Response(packed).arrayBuffer()))
  expect([data.samples, ...data.shape]).toEqual([1, 1, 2, 2])
})

test('images of a canvas', async () => {
  const context = new OffscreenCanvas(4, 4).getContext('2d')!
  context.fillStyle = 'rgb(200, 100, 50)'
  context.fillRect(0, 0, 4, 4)
  const image = context.getImageData(0, 0, 4, 4)
  expect(datasets.imageToTensor(image, { size: 2 }).data).toEqual(
    Uint8Array.from([200, 100, 50].flatMap((value) => Array(4).fill(value))),
  )
  expect((await datasets.fromImages([image, image], [0, 1], { channels: 1 })).shape).toEqual([1, 4, 4])
  // Black ink on a transparent canvas.
  context.clearRect(0, 0, 2, 4)
  const drawn = context.getImageData(0, 0, 4, 4)
  expect(() => datasets.imageToTensor(drawn)).toThrow('background')
  const onWhite = datasets.imageToTensor(drawn, { background: [255, 255, 255] })
  expect([...onWhite.data.slice(0, 4)]).toEqual([255, 255, 200, 200])
})

/** The files of Pillow's fixtures. */
const files = pillow.cases.map(({ name, file, ...rest }) => {
  const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0))
  return { ...rest, name, file: new File([bytes], name) }
})

test.each(files)(
  'a file as Pillow reads it: $name',
  async ({ file, pixels, tolerance, background, ...size }) => {
    const options = background ? { background: background as [number, number, number] } : {}
    const data = await datasets.fromImages([file, URL.createObjectURL(file)], undefined, options)
    expect([data.samples, ...data.shape]).toEqual([2, 3, size.height, size.width])
    const net = await network([3, size.height, size.width], [standardize({ mean: 0, deviation: 1 })])
    const values = (await net.predict(data)).data
    const plane = size.height * size.width
    const off = pixels.map((value, i) => Math.abs(values[(i % 3) * plane + Math.floor(i / 3)]! * 255 - value))
    // A canvas stores colours multiplied by alpha.
    expect(Math.max(...off)).toBeLessThan(tolerance + (background ? 2.1 : 0.1))
  },
)

test('a folder of files', async () => {
  const list = ['zoo/b/1.png', 'zoo/a/2.png', 'zoo/notes.txt'].map((path) =>
    Object.defineProperty(new File([files[6]!.file], path.split('/').at(-1)!), 'webkitRelativePath', {
      value: path,
    }),
  )
  const { dataset, classes, files: paths } = await datasets.fromImageFolder(list, { size: 4 })
  expect([dataset.samples, classes, paths]).toEqual([2, ['a', 'b'], ['a/2.png', 'b/1.png']])
  await expect(datasets.fromImageFolder('flowers')).rejects.toThrow('webkitdirectory')
})

test('batches of a stream', async () => {
  const source = new ReadableStream<{ x: number[]; t: number }>({
    start(controller) {
      for (let i = 0; i < 5; i++) controller.enqueue({ x: [i], t: i })
      controller.close()
    },
  })
  const sizes = []
  for await (const { x } of datasets.batches(source, { batchSize: 2, shuffleBuffer: 5 })) {
    sizes.push(x.shape[0])
  }
  expect(sizes).toEqual([2, 2, 1])
})

test('fit on a stream equals fit on its data set', async () => {
  const { x, t } = quarters(50)
  const stream = () =>
    new ReadableStream<Sample>({
      start(controller) {
        t.forEach((t, i) => {
          controller.enqueue({ x: { data: x.slice(i * 144, (i + 1) * 144), shape: [1, 12, 12] }, t })
        })
        controller.close()
      },
    })
  const [a, b, data] = await Promise.all([smallNetwork(), smallNetwork(), quartersData(50)])
  const options = { epochs: 2, batchSize: 20, seed: 5 }
  await a.fit(data, options)
  await b.fit(stream, options)
  expect(await fingerprint(b)).toBe(await fingerprint(a))
  expect((await b.evaluate(stream())).samples).toBe(50)
})
