// One training that runs identically in Node and in the browser, to compare the weights bit by bit.
import {
  averagePool2d,
  conv2d,
  type Dataset,
  datasets,
  dense,
  dropout,
  flatten,
  maxPool2d,
  type Network,
  network,
  schedule,
  sgd,
} from 'hebb'

/** `samples` images of noise with a bright quarter, and the quarter's number: simple, but not trivial. */
export function quarters(samples: number, size = 12): { x: Uint8Array; t: Uint32Array } {
  let state = 1
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  }
  const x = new Uint8Array(samples * size * size)
  const t = new Uint32Array(samples)
  for (let i = 0; i < samples; i++) {
    const quarter = draw() % 4
    t[i] = quarter
    for (let h = 0; h < size; h++) {
      for (let w = 0; w < size; w++) {
        const bright = (h >= size / 2 ? 2 : 0) + (w >= size / 2 ? 1 : 0) === quarter
        x[(i * size + h) * size + w] = (draw() >> 1) + (bright ? 60 : 0)
      }
    }
  }
  return { x, t }
}

/** The data set of {@link quarters}. */
export function quartersData(samples: number): Promise<Dataset> {
  const { x, t } = quarters(samples)
  return datasets.fromArrays({ data: x, shape: [samples, 1, 12, 12] }, t)
}

/** A small network with a layer of each kind. */
export function smallNetwork(seed = 1): Promise<Network<number>> {
  return network(
    [1, 12, 12],
    [
      conv2d({ filters: 5, kernel: 3, padding: 1, activation: 'relu' }),
      maxPool2d({ kernel: 2 }),
      conv2d({ filters: 7, kernel: 3, activation: 'tanh' }),
      averagePool2d({ kernel: 2 }),
      flatten(),
      dense({ units: 21, activation: 'sigmoid' }),
      dropout({ rate: 0.2 }),
      dense({ units: 4, activation: 'softmax' }),
    ],
    { seed },
  )
}

/** y = w·x with one input and a given weight. */
export async function oneWeight(weight: number): Promise<Network> {
  const net = await network([1], [dense({ units: 1, bias: false })])
  await net.setWeights({ 'dense1.weight': { data: Float32Array.of(weight), shape: [1, 1] } })
  return net
}

/** LeNet-5 in its modern form. */
export function lenet5(seed = 1): Promise<Network> {
  return network(
    [1, 28, 28],
    [
      conv2d({ filters: 6, kernel: 5, padding: 2, activation: 'tanh' }),
      averagePool2d({ kernel: 2 }),
      conv2d({ filters: 16, kernel: 5, activation: 'tanh' }),
      averagePool2d({ kernel: 2 }),
      flatten(),
      dense({ units: 120, activation: 'tanh' }),
      dense({ units: 84, activation: 'tanh' }),
      dense({ units: 10, activation: 'softmax' }),
    ],
    { seed },
  )
}

/** The SHA-256 of a network's weights, in the order of the saved file. */
export async function fingerprint(net: Network): Promise<string> {
  const all = Object.values(await net.weights()).flatMap(({ data }) => Array.from(data))
  const digest = await crypto.subtle.digest('SHA-256', Float32Array.from(all))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Trains {@link smallNetwork} for two epochs; returns its accuracy and the hash of its weights. */
export async function trainRecipe(): Promise<{ accuracy: number; sha256: string }> {
  const [net, data] = await Promise.all([smallNetwork(7), quartersData(1000)])
  await net.fit(data, {
    epochs: 4,
    batchSize: 30,
    seed: 3,
    optimizer: sgd({
      learningRate: schedule.cosine({ from: 0.1, warmup: 0.1 }),
      momentum: 0.9,
      weightDecay: 1e-4,
    }),
  })
  const { accuracy } = await net.evaluate(data)
  return { accuracy, sha256: await fingerprint(net) }
}

/** Includes more threads than there are cores or blocks in a minibatch. */
export const THREADS = [1, 2, 3, 5, 6, 8, 12, 16, 33]

/** From one sample to more than one block per thread; the last minibatch of an epoch is shorter. */
const BATCHES = [1, 7, 32, 64, 100, 330]

/** The result of {@link trainBatches}: for each case the SHA-256 of the weights, and the loss. */
export type Fingerprints = Record<string, string>

/** Trains a 64-32-10 network and LeNet-5 for one epoch with each minibatch size. */
export async function trainBatches(): Promise<Fingerprints> {
  const { x, t } = quarters(640, 8)
  const small = await datasets.fromArrays({ data: x, shape: [640, 64] }, t)
  const { x: images, t: classes } = quarters(330, 28)
  const large = await datasets.fromArrays({ data: images, shape: [330, 1, 28, 28] }, classes)
  const results: Fingerprints = {}
  for (const batchSize of BATCHES) {
    const dense64 = await network(
      [64],
      [dense({ units: 32, activation: 'tanh' }), dense({ units: 10, activation: 'softmax' })],
      { seed: 1 },
    )
    for (const [name, net, data] of [
      ['64-32-10', dense64, small],
      ['LeNet-5', await lenet5(), large],
    ] as const) {
      await net.fit(data, { epochs: 1, batchSize, seed: 2, optimizer: sgd({ learningRate: 0.05 }) })
      const { loss } = await net.evaluate(data)
      results[`${name}, batch ${batchSize}`] = `${await fingerprint(net)} ${loss}`
      net.dispose()
    }
  }
  small.dispose()
  large.dispose()
  return results
}

/** The same network twice, and the data. */
export async function twins(
  samples: number,
  make = () => smallNetwork(),
): Promise<[Network, Network, Dataset]> {
  return Promise.all([make(), make(), quartersData(samples)])
}
