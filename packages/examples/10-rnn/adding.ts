// The adding problem (Hochreiter and Schmidhuber 1997): 50 random numbers, two of which are marked, one in each half. The
// answer is their sum. To always say 1 has the mean squared error 1/6.
import { adam, datasets, dense, gru, type Layer, network, rnn, schedule } from 'hebb'
import { random } from '../random.ts'

const STEPS = 50
const UNITS = 32

/** Samples `[50, 2]` of a number and its mark, and their sums. */
function sums(samples: number, next: () => number) {
  const x = new Float32Array(samples * STEPS * 2)
  const t = new Float32Array(samples)
  for (let i = 0; i < samples; i++) {
    const half = STEPS / 2
    const marked = [Math.floor(next() * half), half + Math.floor(next() * half)]
    for (let step = 0; step < STEPS; step++) {
      const at = (i * STEPS + step) * 2
      x[at] = next()
      if (!marked.includes(step)) continue
      x[at + 1] = 1
      t[i]! += x[at]!
    }
  }
  return datasets.fromArrays({ data: x, shape: [samples, STEPS, 2] }, { data: t, shape: [samples, 1] })
}

/** The mean squared errors on 2,000 other samples, of a GRU and of Elman's network after as many steps. */
export async function adding(seed: number, say: (text: string) => void, progress: boolean) {
  const next = random(seed)
  const [train, test] = [await sums(10_000, next), await sums(2000, next)]
  const errorOf = async (layer: Layer) => {
    const net = await network([STEPS, 2], [layer, dense({ units: 1 })], { seed })
    const learningRate = schedule.cosine({ from: 0.01 })
    await net.fit(train, { epochs: 5, seed, optimizer: adam({ learningRate, clip: { norm: 1 } }), progress })
    const { loss } = await net.evaluate(test)
    net.dispose()
    return loss
  }
  const [gated, elman] = [await errorOf(gru({ units: UNITS })), await errorOf(rnn({ units: UNITS }))]
  say(
    `The sum of two of ${STEPS} numbers: mean squared error ${gated.toFixed(5)} by a GRU, ${elman.toFixed(3)} by Elman's network, 0.167 by chance\n`,
  )
  return { gated, elman }
}
