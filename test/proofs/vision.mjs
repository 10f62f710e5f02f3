// What networks for images learn, on real ones, which PyPI's scikit-image has: AlexNet learns 32 photographs by heart, with Adam
// and minibatches of 32 in the memory of WebAssembly; a small network tells faces from other pictures (100 of each, 25 × 25).
// npm run proof -- vision [PYTHON with scikit-image]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  activation,
  adam,
  batchNorm,
  conv2d,
  datasets,
  dense,
  dropout,
  flatten,
  maxPool2d,
  memory,
  network,
  schedule,
  standardize,
} from 'hebb'
import { augmented, flip } from 'hebb/augment'
import { alexnet } from 'hebb/zoo'

// Parts of the photographs that do not overlap, and the pictures of lfw_subset: faces first.
const PYTHON = `
import sys, numpy as np, skimage.data
from PIL import Image
folder = sys.argv[1]
photographs = [skimage.data.astronaut(), skimage.data.chelsea(), skimage.data.coffee(), skimage.data.rocket()]
parts = []
for image in photographs:
    image = np.asarray(Image.fromarray(image[..., :3]).resize((896, 448), Image.BILINEAR))
    parts += [image[t:t + 224, l:l + 224] for t in (0, 224) for l in (0, 224, 448, 672)]
np.stack(parts).transpose(0, 3, 1, 2).tofile(f'{folder}/photographs')
(skimage.data.lfw_subset() * 255).round().astype(np.uint8).tofile(f'{folder}/faces')
`

const [python = process.env.HEBB_BENCH_PYTHON ?? 'python3'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'hebb-vision-'))
let photographs
let faces
try {
  execFileSync(python, ['-c', PYTHON, folder], { stdio: ['ignore', 2, 2] })
  photographs = new Uint8Array(readFileSync(join(folder, 'photographs')))
  faces = new Uint8Array(readFileSync(join(folder, 'faces')))
} finally {
  rmSync(folder, { recursive: true })
}

/** AlexNet and 32 photographs. */
async function memorise() {
  const images = await datasets.fromArrays(
    { data: photographs, shape: [32, 3, 224, 224] },
    { data: Uint32Array.from({ length: 32 }, (_, i) => i), shape: [32] },
  )
  const net = await alexnet({ units: 32, dropout: 0, seed: 1 })
  const from = performance.now()
  let loss = Number.POSITIVE_INFINITY
  let epochs = 0
  while (loss >= 0.05 && epochs < 60) {
    const history = await net.fit(images, {
      epochs: 5,
      batchSize: 32,
      optimizer: adam({ learningRate: 1e-4 }),
    })
    epochs += 5
    loss = (await net.evaluate(images)).loss
    console.error(
      `epoch ${epochs}: loss ${loss.toFixed(4)}, in training ${history.epochs.at(-1).loss.toFixed(4)}`,
    )
  }
  const result = {
    loss,
    epochs,
    seconds: (performance.now() - from) / 1000,
    wasm: (await memory()).wasm / 1e6,
  }
  net.dispose()
  images.dispose()
  return result
}

/** Faces and other pictures: the accuracy of ten parts, each answered by a network that trained on the others. */
async function recognise() {
  let right = 0
  for (let part = 0; part < 10; part++) {
    const [training, held] = [[], []]
    for (let i = 0; i < 200; i++) (i % 10 === part ? held : training).push(i)
    const make = (chosen) =>
      datasets.fromArrays(
        {
          data: Uint8Array.from(chosen.flatMap((i) => [...faces.subarray(625 * i, 625 * (i + 1))])),
          shape: [chosen.length, 1, 25, 25],
        },
        { data: Uint32Array.from(chosen, (i) => Number(i < 100)), shape: [chosen.length] },
      )
    const [train, test] = await Promise.all([make(training), make(held)])
    const net = await network(
      [1, 25, 25],
      [
        standardize({ mean: 0.5, deviation: 0.25 }),
        conv2d({ filters: 16, kernel: 3, padding: 1 }),
        batchNorm(),
        activation('relu'),
        maxPool2d({ kernel: 2 }),
        conv2d({ filters: 32, kernel: 3, padding: 1 }),
        batchNorm(),
        activation('relu'),
        maxPool2d({ kernel: 2 }),
        flatten(),
        dropout({ rate: 0.5 }),
        dense({ units: 2, activation: 'softmax' }),
      ],
      { seed: part, classes: ['other', 'face'] },
    )
    await net.fit(augmented(train, [flip()], { seed: part }), {
      epochs: 30,
      batchSize: 20,
      shuffleBuffer: 1,
      stepsPerEpoch: 9,
      optimizer: adam({ learningRate: schedule.cosine({ from: 0.002 }) }),
    })
    right += (await net.evaluate(test)).accuracy * held.length
    for (const handle of [net, train, test]) handle.dispose()
  }
  return { accuracy: right / 200 }
}

const recognised = await recognise()
console.error(recognised)
const memorised = await memorise()
const ok = memorised.loss < 0.05 && recognised.accuracy >= 0.95
console.log(JSON.stringify({ ok, memorised, faces: recognised }))
process.exit(ok ? 0 : 1)
