// A multilayer perceptron 784-512-256-10.
import type { Layer, Model } from '../harness/work.ts'
import type { Suite } from './suite.ts'

const layers: Layer[] = [
  { type: 'dense', units: 512, inputs: 784, activation: 'relu' },
  { type: 'dense', units: 256, inputs: 512, activation: 'relu' },
  { type: 'dense', units: 10, inputs: 256, activation: 'none' },
]

const work = (kind: 'train' | 'infer'): Model => ({ kind, batch: 128, input: [784], layers })

export const mlp: Suite = {
  name: 'mlp',
  about: 'A perceptron 784-512-256-10, ReLU',
  unit: 'samples/s',
  cases: [
    { name: 'train b128', work: work('train'), quick: true },
    { name: 'infer b128', work: work('infer') },
  ],
}
