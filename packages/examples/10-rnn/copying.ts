// The copy task (Hochreiter and Schmidhuber 1997; Arjovsky, Shah and Bengio 2016): ten symbols of eight, a pause, a signal, and
// then the ten symbols are to be repeated. To guess them, knowing only when they are due, has the cross-entropy 10 ln 8 / T.
import { adam, datasets, dense, gru, network, schedule } from 'hebb'
import { random } from '../random.ts'

const [SYMBOLS, LENGTH, PAUSE] = [8, 10, 10]
const STEPS = LENGTH + PAUSE + LENGTH
/** The symbols, a blank and the signal. */
const CLASSES = SYMBOLS + 2
const [BLANK, SIGNAL] = [SYMBOLS, SYMBOLS + 1]

/** Sequences of symbols as one of ten, and at each time step the class to answer. */
function copies(samples: number, next: () => number) {
  const classes: number[][] = []
  const sequences = Array.from({ length: samples }, () => {
    const symbols = Array.from({ length: LENGTH }, () => Math.floor(SYMBOLS * next()))
    const pause = new Array<number>(PAUSE).fill(BLANK)
    const read = [...symbols, ...pause, ...new Array<number>(LENGTH).fill(BLANK)]
    read[LENGTH + PAUSE - 1] = SIGNAL
    classes.push([...new Array<number>(LENGTH).fill(BLANK), ...pause, ...symbols])
    const data = new Float32Array(STEPS * CLASSES)
    for (const [step, symbol] of read.entries()) data[step * CLASSES + symbol] = 1
    return { data, shape: [STEPS, CLASSES] }
  })
  return datasets.fromSequences(sequences, classes, { per: 'step' })
}

/** The cross-entropy per time step on other sequences, and that of guessing. */
export async function copying(seed: number, say: (text: string) => void, progress: boolean) {
  const next = random(seed)
  const [train, test] = [await copies(10_000, next), await copies(1000, next)]
  const layers = [
    gru({ units: 96, returns: 'all' }),
    dense({ units: CLASSES, activation: 'softmax' }),
  ] as const
  const net = await network([STEPS, CLASSES], layers, { seed })
  const learningRate = schedule.cosine({ from: 0.01 })
  await net.fit(train, { epochs: 15, seed, optimizer: adam({ learningRate, clip: { norm: 1 } }), progress })
  const { loss } = await net.evaluate(test)
  net.dispose()
  const guessing = (LENGTH * Math.log(SYMBOLS)) / STEPS
  say(
    `${LENGTH} symbols repeated after ${PAUSE} steps: cross-entropy ${loss.toFixed(4)} by a GRU, ${guessing.toFixed(3)} without memory\n`,
  )
  return { loss, guessing }
}
