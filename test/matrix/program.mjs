// The program of every cell: it learns XOR, and an epoch of a small convolutional network that tells rows from columns.
import { conv2d, datasets, dense, flatten, init, maxPool2d, network, sgd } from 'hebb'

/** What `init` reports, the answers, and a sum of the bits of all outputs; of an error its code and message. */
export async function check(options) {
  try {
    const { threads, simd, isolated, reason } = await init({ threads: 2, ...options })
    return { threads, simd, isolated, reason, answers: await xor(), ...(await bars()) }
  } catch (error) {
    return { error: String(error.code), message: error.message }
  }
}

async function xor() {
  const x = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]
  const data = await datasets.fromArrays(x, [[0], [1], [1], [0]])
  const hidden = dense({ units: 4, activation: 'tanh' })
  const net = await network([2], [hidden, dense({ units: 1, activation: 'sigmoid' })], { seed: 1 })
  await net.fit(data, { epochs: 500, batchSize: 4, optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }) })
  return Array.from((await net.predict(x)).data, Math.round).join(' ')
}

async function bars() {
  const samples = Array.from({ length: 256 }, (_, i) => i)
  const pixels = samples.flatMap((i) =>
    Array.from({ length: 64 }, (_, at) => Number((i % 2 ? at % 8 : at >> 3) === (i >> 1) % 8)),
  )
  const images = { data: Float32Array.from(pixels), shape: [256, 1, 8, 8] }
  const data = await datasets.fromArrays(
    images,
    samples.map((i) => i % 2),
  )
  const net = await network(
    [1, 8, 8],
    [
      conv2d({ filters: 4, kernel: 3, activation: 'relu' }),
      maxPool2d({ kernel: 2 }),
      flatten(),
      dense({ units: 2, activation: 'softmax' }),
    ],
    { seed: 1 },
  )
  await net.fit(data, { batchSize: 8, epochs: 1, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) })
  const outputs = new Uint32Array((await net.predict(images)).data.buffer)
  const bits = outputs.reduce((sum, word) => Math.imul(sum ^ word, 16777619), 0) >>> 0
  return { accuracy: (await net.evaluate(data)).accuracy, bits: bits.toString(16) }
}
