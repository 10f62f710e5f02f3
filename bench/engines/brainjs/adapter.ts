// brain.js: perceptrons, one sample at a time, with sigmoid or ReLU throughout and squared errors. It accepts neither
// given weights nor another loss, so its results can't be compared.
import brain from 'brain.js'
import { type Adapter, Cannot } from '../../harness/adapter.ts'
import { classes, type Model, samples } from '../../harness/work.ts'

/** Samples per step; few, because it is slow. */
const STEP = 32

export async function open(): Promise<Adapter> {
  return {
    version: '1.6.1',
    async prepare(work) {
      if (work.kind !== 'train' && work.kind !== 'infer') throw new Cannot('brain.js has no such kernel')
      const { layers, input }: Model = work
      const units = layers.map((layer) => (layer.type === 'dense' ? layer.units : 0))
      if (units.includes(0)) throw new Cannot('brain.js has no convolutions')
      const [x, t, width] = [samples(work, STEP), classes(STEP), input[0]!]
      const data = Array.from(t, (label, i) => ({
        input: Array.from(x.subarray(i * width, (i + 1) * width)),
        output: Array.from({ length: units.at(-1)! }, (_, unit) => Number(unit === label)),
      }))
      const net = new brain.NeuralNetwork({ hiddenLayers: units.slice(0, -1), activation: 'relu' })
      const epoch = { iterations: 1, errorThresh: 1e-9, learningRate: 0.01, momentum: 0.9 }
      net.train(data, epoch)
      const predict = () => data.map(({ input }) => net.run(input))
      const step = work.kind === 'train' ? () => net.train(data, epoch) : predict
      return { check: null, step, amount: STEP }
    },
  }
}
