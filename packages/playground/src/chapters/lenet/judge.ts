// The verdict on a trained network.
import type { Dataset, Network } from 'hebb'
import { images } from './digits'
import type * as state from './state'

/** How many mistakes are shown. */
const MISTAKES = 24
/** Images that are looked through at a time. */
const FEW = 100

/** Measures the network on digits that it has never seen. */
export async function judge(net: Network<number>, test: Dataset, seconds: number): Promise<state.Verdict> {
  const [{ accuracy, classification }, answers] = await Promise.all([
    net.evaluate(test, { metrics: 'classification' }),
    net.predict(test),
  ])
  const { confusion } = classification!
  const largest = (i: number) => {
    const row = answers.data.subarray(10 * i, 10 * i + 10)
    return row.indexOf(Math.max(...row))
  }
  const mistakes: state.Verdict['mistakes'][number][] = []
  // A few digits at a time: thousands of images would hold up the page.
  for (let from = 0; from < test.samples && mistakes.length < MISTAKES; from += FEW) {
    const some = Array.from({ length: Math.min(FEW, test.samples - from) }, (_, i) => from + i)
    for (const [i, { image, digit }] of (await images(test, some)).entries()) {
      const answer = largest(from + i)
      if (answer !== digit && mistakes.length < MISTAKES) mistakes.push({ image, digit, answer })
    }
  }
  return { accuracy, samples: test.samples, seconds, confusion, mistakes }
}
