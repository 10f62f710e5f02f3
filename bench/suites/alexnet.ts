// AlexNet as torchvision has it, without dropout, on images of 224×224.
import { CHECKED_STEPS, type Layer, type Model } from '../harness/work.ts'
import type { Case, Suite } from './suite.ts'

function conv(channels: number, filters: number, kernel: number, padding: number, stride = 1): Layer {
  return { type: 'conv', channels, filters, kernel, padding, stride, activation: 'relu' }
}
const pool: Layer = { type: 'pool', pool: 'max', kernel: 3 }

const LAYERS: Layer[] = [
  conv(3, 64, 11, 2, 4),
  pool,
  conv(64, 192, 5, 2),
  pool,
  conv(192, 384, 3, 1),
  conv(384, 256, 3, 1),
  conv(256, 256, 3, 1),
  pool,
  { type: 'flatten', shape: [256, 6, 6] },
  { type: 'dense', units: 4096, inputs: 9216, activation: 'relu' },
  { type: 'dense', units: 4096, inputs: 4096, activation: 'relu' },
  { type: 'dense', units: 1000, inputs: 4096, activation: 'none' },
]

function alexnetCase(kind: 'train' | 'infer', batch: number): Case {
  // Different ones in each step before the results are compared.
  const samples = CHECKED_STEPS * batch
  const work: Model = { kind, batch, input: [3, 224, 224], layers: LAYERS, samples }
  return { name: `${kind} b${batch}`, work, ...(batch === 1 && { quick: true }) }
}

export const alexnet: Suite = {
  name: 'alexnet',
  about: 'AlexNet (torchvision), 61 million parameters',
  unit: 'images/s',
  // The others have no such convolutions, or take minutes: jax-js, whose own are compiled without tiles, 7 s an image.
  only: (engine) => /^(hebb-(node|chromium)|pytorch|ort|tfjs-wasm)/.test(engine),
  cases: [alexnetCase('infer', 1), alexnetCase('infer', 8), alexnetCase('train', 16)],
}
