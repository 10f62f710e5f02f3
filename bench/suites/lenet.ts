// LeNet-5 on images of 28×28: ReLU and max pooling, or the classic tanh and average pooling.
import type { Activation, Layer, Model } from '../harness/work.ts'
import type { Case, Suite } from './suite.ts'

function layers(variant: 'relu' | 'tanh'): Layer[] {
  const activation: Activation = variant
  const pool: Layer = { type: 'pool', pool: variant === 'relu' ? 'max' : 'average' }
  return [
    { type: 'conv', filters: 6, channels: 1, kernel: 5, padding: 2, activation },
    pool,
    { type: 'conv', filters: 16, channels: 6, kernel: 5, padding: 0, activation },
    pool,
    { type: 'flatten', shape: [16, 5, 5] },
    { type: 'dense', units: 120, inputs: 400, activation },
    { type: 'dense', units: 84, inputs: 120, activation },
    { type: 'dense', units: 10, inputs: 84, activation: 'none' },
  ]
}

const QUICK = ['train b64', 'infer b1', 'infer b64']

function lenetCase(kind: 'train' | 'infer', batch: number, variant: 'relu' | 'tanh', here = false): Case {
  const name = `${kind} b${batch}${variant === 'tanh' ? ' tanh' : ''}${here ? ' here' : ''}`
  const work: Model = { kind, batch, input: [1, 28, 28], layers: layers(variant), ...(here && { here }) }
  return { name, work, ...(QUICK.includes(name) && { quick: true }) }
}

const BATCHES = [1, 32, 64, 128]

export const lenet: Suite = {
  name: 'lenet',
  about:
    'LeNet-5, ReLU and max pooling (`tanh`: the classic tanh and average pooling); `here`: in the calling thread',
  unit: 'images/s',
  cases: [
    ...BATCHES.map((batch) => lenetCase('train', batch, 'relu')),
    lenetCase('train', 64, 'tanh'),
    lenetCase('infer', 1, 'relu'),
    lenetCase('infer', 1, 'relu', true),
    ...BATCHES.slice(1).map((batch) => lenetCase('infer', batch, 'relu')),
    lenetCase('infer', 64, 'tanh'),
  ],
}
