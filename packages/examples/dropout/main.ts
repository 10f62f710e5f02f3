// What dropout does to overfitting: a network trained on few images of MNIST with and without it, from several seeds. The gap is how
// much better it knows its training images than the test images, which are evaluated once, at the end.
import { parseArgs } from 'node:util'
import { adam, datasets, dense, dropout, flatten, init, network, schedule, standardize } from 'hebb'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    images: { type: 'string', default: '1000' },
    seeds: { type: 'string', default: '5' },
    epochs: { type: 'string', default: '60' },
    units: { type: 'string', default: '512' },
  },
})
const [images, seeds, epochs, units] = [values.images, values.seeds, values.epochs, values.units].map(
  Number,
) as [number, number, number, number]
const say = (text: string) => process.stderr.write(`${text}\n`)

const engine = await init()
say(`engine: ${engine.threads} threads, ${engine.simd}`)
const { train: all, test } = await datasets.mnist()
const train = await all.subset(Array.from({ length: images }, (_, i) => i))

/** Loss and accuracy on the training and the test images after a training with this rate of dropout. */
async function trained(rate: number, seed: number) {
  const hidden = () => [dense({ units, activation: 'relu' }), ...(rate > 0 ? [dropout({ rate })] : [])]
  const net = await network(
    [1, 28, 28],
    [
      standardize({ mean: 0.1307, deviation: 0.3081 }),
      flatten(),
      ...hidden(),
      ...hidden(),
      dense({ units: 10, activation: 'softmax' }),
    ],
    { seed },
  )
  await net.fit(train, {
    epochs,
    batchSize: 50,
    seed,
    optimizer: adam({ learningRate: schedule.cosine({ from: 0.001 }) }),
  })
  const [own, other] = [await net.evaluate(train), await net.evaluate(test)]
  net.dispose()
  return {
    trainLoss: own.loss,
    testLoss: other.loss,
    lossGap: other.loss - own.loss,
    trainAccuracy: own.accuracy!,
    testAccuracy: other.accuracy!,
    accuracyGap: own.accuracy! - other.accuracy!,
  }
}
type Result = Awaited<ReturnType<typeof trained>>

const rates = [0, 0.5]
const results: Result[][] = []
for (const rate of rates) {
  const own: Result[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    own.push(await trained(rate, seed))
    say(`dropout ${rate}, seed ${seed}: ${(100 * own.at(-1)!.testAccuracy).toFixed(2)} %`)
  }
  results.push(own)
}

/** The mean of a number over the seeds, and its standard deviation. */
function statistics(own: Result[], name: keyof Result): [mean: number, deviation: number] {
  const all = own.map((one) => one[name])
  const mean = all.reduce((a, b) => a + b, 0) / all.length
  const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return [mean, Math.sqrt(squares / Math.max(1, all.length - 1))]
}

if (values.json) {
  console.log(JSON.stringify(Object.fromEntries(rates.map((rate, i) => [`dropout ${rate}`, results[i]]))))
} else {
  const percent = (own: Result[], name: keyof Result) =>
    `${statistics(own, name)
      .map((value) => (100 * value).toFixed(2))
      .join(' ± ')} %`
  const plain = (own: Result[], name: keyof Result) =>
    statistics(own, name)
      .map((value) => value.toFixed(4))
      .join(' ± ')
  const rows: [string, (own: Result[]) => string][] = [
    ['accuracy, training images', (own) => percent(own, 'trainAccuracy')],
    ['accuracy, test images', (own) => percent(own, 'testAccuracy')],
    ['gap of the accuracies', (own) => percent(own, 'accuracyGap')],
    ['loss, training images', (own) => plain(own, 'trainLoss')],
    ['loss, test images', (own) => plain(own, 'testLoss')],
    ['gap of the losses', (own) => plain(own, 'lossGap')],
  ]
  console.log(`| | ${rates.map((rate) => (rate > 0 ? `dropout ${rate}` : 'no dropout')).join(' | ')} |`)
  console.log('| --- | --- | --- |')
  for (const [name, show] of rows) console.log(`| ${name} | ${results.map(show).join(' | ')} |`)
}
