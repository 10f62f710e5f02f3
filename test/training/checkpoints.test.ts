// A run that goes on from a checkpoint has the bits of one that was not interrupted.
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  adagrad,
  adam,
  bfgs,
  conjugateGradient,
  datasets,
  dense,
  type FitOptions,
  flatten,
  gradientDescent,
  type History,
  init,
  lbfgs,
  levenbergMarquardt,
  loadNetwork,
  lstm,
  type Network,
  nadam,
  network,
  readSafetensors,
  rmsprop,
  schedule,
  sgd,
  shutdown,
} from 'hebb'
import { augmented, flip } from 'hebb/augment'
import { describe, expect, test } from 'vitest'
import {
  base,
  classes,
  classifier,
  type Data,
  folder,
  numbers,
  path,
  regression,
  samples,
  t,
  x,
} from '../helpers/checkpointRuns'
import { killed } from '../helpers/kills.mjs'

const recurrent = () =>
  network([3, 1], [lstm({ units: 4, returns: 'all' }), dense({ units: 1 })], { seed: 3 })
const sequences = () => {
  const steps = Array.from({ length: 10 }, (_, n) => Array.from({ length: 8 }, (_, i) => [Math.sin(n + i)]))
  return datasets.fromArrays(
    steps,
    steps.map((sequence) => sequence.map(([value]) => [-value!])),
  )
}

/** Everything in a history that does not depend on time. */
const timeless = ({ epochs, ...rest }: History) => ({
  ...rest,
  epochs: epochs.map(({ seconds, samplesPerSecond, ...others }) => others),
})

class Crash extends Error {}

interface Case {
  make: () => Promise<Network>
  data: () => Promise<Data> | Data
  options: FitOptions
  every?: { epochs: number } | { batches: number }
}

/** Trains at once, and with crashes after these minibatches (epoch, minibatch); both have the same bits. */
async function compare({ make, data, options, every }: Case, crashes: readonly [number, number][]) {
  const whole = await make()
  const expected = timeless(await whole.fit(await data(), options))
  for (const [epoch, batch] of crashes) {
    // A new network, as in a new process, each time.
    const run = { ...options, checkpoint: { path, ...(every && { every }) }, resume: true }
    const onBatch: FitOptions['onBatch'] = (progress) => {
      if (progress.epoch === epoch && progress.batch >= batch) throw new Crash()
    }
    await expect((await make()).fit(await data(), { ...run, onBatch })).rejects.toThrow(Crash)
  }
  const last = await make()
  const history = await last.fit(await data(), { ...options, checkpoint: { path }, resume: true })
  expect(timeless(history)).toEqual(expected)
  expect(await last.weights()).toEqual(await whole.weights())
  expect(last.optimizerState).toEqual(whole.optimizerState)
  // Once more: nothing is left to do.
  const again = await make()
  expect(timeless(await again.fit(await data(), { ...options, resume: path }))).toEqual(expected)
  expect(await again.weights()).toEqual(await whole.weights())
}

const plateau = schedule.plateau({ from: 0.05, factor: 0.5, patience: 0 })
const two = { batches: 2 }
const streamed = { ...base, shuffleBuffer: 10, optimizer: adam() }

describe('a run that crashed goes on with the same bits', () => {
  test.each<[string, Case]>([
    ['adam', { make: classifier, data: classes, options: { ...base, optimizer: adam() }, every: two }],
    ['nadam', { make: classifier, data: classes, options: { ...base, optimizer: nadam() }, every: two }],
    ['adagrad', { make: classifier, data: classes, options: { ...base, optimizer: adagrad() } }],
    [
      'a frozen layer, and one that learns slower',
      {
        make: classifier,
        data: classes,
        options: { ...base, optimizer: adam(), rates: { dense1: 0, norm1: 0.1 } },
        every: two,
      },
    ],
    [
      'a cosine',
      {
        make: classifier,
        data: classes,
        options: {
          ...base,
          optimizer: sgd({ learningRate: schedule.cosine({ from: 0.1, warmup: 0.2 }), momentum: 0.9 }),
        },
        every: two,
      },
    ],
    [
      'accumulated gradients, patience, a plateau',
      {
        make: classifier,
        data: classes,
        options: {
          ...base,
          epochs: 8,
          accumulate: 3,
          selection: 0.2,
          patience: 2,
          until: { convergenceThreshold: 1e-9, gradientNorm: 1e-9 },
          optimizer: rmsprop({ learningRate: plateau }),
        },
        every: two,
      },
    ],
    ['a stream', { make: classifier, data: () => () => samples, options: streamed, every: two }],
    [
      'a stream of so many steps',
      {
        make: classifier,
        data: () => () => samples,
        options: { ...streamed, stepsPerEpoch: 5, optimizer: sgd({ learningRate: 0.1 }) },
        every: { batches: 1 },
      },
    ],
    [
      'truncated backpropagation',
      {
        make: recurrent,
        data: sequences,
        options: { ...base, truncated: { every: 2 }, optimizer: adam() },
        every: { batches: 3 },
      },
    ],
  ])('%s', (_, one) =>
    compare(one, [
      [1, 1],
      [1, 3],
      [2, 4],
      [3, 1],
    ]),
  )

  test.each([
    ['bfgs', bfgs()],
    ['lbfgs', lbfgs()],
    ['conjugateGradient', conjugateGradient()],
    ['gradientDescent', gradientDescent({ learningRate: 'lineMinimized' })],
    ['levenbergMarquardt', levenbergMarquardt()],
  ])('%s', (_, optimizer) =>
    compare({ make: regression, data: numbers, options: { epochs: 9, optimizer } }, [
      [2, 1],
      [5, 1],
      [8, 1],
    ]),
  )

  test('augmented images: each pass has its own', async () => {
    const make = () =>
      network([1, 3, 1], [flatten(), dense({ units: 3, activation: 'softmax' })], { seed: 4 })
    const own = await datasets.fromArrays(
      x.map((row) => [row.map((value) => [value])]),
      t,
    )
    const data = () => augmented(own, [flip()], { seed: 1 })
    await compare({ make: make as never, data, options: { ...streamed, shuffleBuffer: 1 }, every: two }, [
      [2, 3],
      [3, 5],
    ])
  })
})

test('a run that is stopped goes on in the middle of its epoch; more epochs are allowed', async () => {
  const options = { ...base, optimizer: adam() }
  const whole = await classifier()
  await whole.fit(await classes(), { ...options, epochs: 6 })
  const first = await classifier()
  const run = first.fit(await classes(), {
    ...options,
    checkpoint: { path, every: { epochs: 10 } },
    onBatch: ({ epoch, batch }) => {
      if (epoch === 2 && batch === 3) run.stop()
    },
  })
  expect((await run).stopReason).toBe('stopped')
  const second = await classifier()
  const url = pathToFileURL(path)
  const ended = await second.fit(await classes(), { ...options, checkpoint: { path: url }, resume: true })
  expect(ended.epochs.length).toBe(4)
  const third = await classifier()
  const history = await third.fit(await classes(), { ...options, epochs: 6, resume: url })
  expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6])
  expect(await third.weights()).toEqual(await whole.weights())
})

test('a checkpoint is a network with its training beside it, and older ones are kept', async () => {
  const net = await classifier()
  const checkpoint = { path, every: { epochs: 2 }, keep: 2 }
  await net.fit(await classes(), { ...base, epochs: 7, optimizer: adam(), checkpoint })
  expect(readdirSync(folder).sort()).toEqual(['run.1.safetensors', 'run.2.safetensors', 'run.safetensors'])
  const epochs = async (name: string) =>
    (await readSafetensors(join(folder, name)))['training/epochs']!.shape[0]
  expect(await Promise.all(['run.2', 'run.1', 'run'].map((name) => epochs(`${name}.safetensors`)))).toEqual([
    4, 6, 7,
  ])
  const loaded = await loadNetwork(path)
  expect(await loaded.weights()).toEqual(await net.weights())
  expect(loaded.optimizerState).toEqual(net.optimizerState)
  const older = await classifier()
  const history = await older.fit(await classes(), {
    ...base,
    epochs: 7,
    optimizer: adam(),
    resume: join(folder, 'run.2.safetensors'),
  })
  expect(history.epochs.length).toBe(7)
  expect(await older.weights()).toEqual(await net.weights())
})

describe('a checkpoint that cannot be written', () => {
  test('ends the run; the one before is whole, and the network too', async () => {
    const net = await classifier()
    const options = { ...base, optimizer: adam() }
    await net.fit(await classes(), { ...options, epochs: 1, checkpoint: { path } })
    const nowhere = join(folder, 'no', 'run.safetensors')
    const run = (await classifier()).fit(await classes(), { ...options, checkpoint: { path: nowhere } })
    await expect(run).rejects.toMatchObject({
      code: 'file',
      message: expect.stringContaining('no such file'),
    })
    // A read-only file system, also for root.
    const locked = (await classifier()).fit(await classes(), {
      ...options,
      checkpoint: { path: '/proc/run.safetensors', every: { batches: 1 } },
    })
    await expect(locked).rejects.toMatchObject({ code: 'file' })
    const stream = (await classifier()).fit(() => samples, {
      ...options,
      checkpoint: { path: nowhere, every: { batches: 1 } },
    })
    await expect(stream).rejects.toMatchObject({ code: 'file' })
  })

  test('a full disk', async () => {
    const program = join(import.meta.dirname, '../helpers/fullDisk.mjs')
    // Files of at most 16 blocks of 512 bytes; a signal would end the process otherwise.
    const command = `trap '' XFSZ; ulimit -f 16; exec "${process.execPath}" "${program}" "${path}"`
    const out = execFileSync('sh', ['-c', command], { encoding: 'utf8' })
    expect(out.trim()).toMatch(/^file: the checkpoint .* could not be saved: .*\n1 1$/)
    expect(readdirSync(folder)).toEqual(['run.safetensors'])
  })
})

test('a training that is killed 10 times, writes included', async () => {
  const { kept, expected, ends } = await killed(10)
  expect(kept).toBeGreaterThan(0)
  expect(new Set(ends)).toEqual(new Set([expected]))
})

test('any number of threads', async () => {
  const options = { ...base, optimizer: adam(), checkpoint: { path, every: two }, resume: true }
  const whole = await (await classifier()).fit(await classes(), { ...base, optimizer: adam() })
  await (await classifier()).fit(await classes(), { ...options, epochs: 2 })
  await shutdown()
  await init({ threads: 3 })
  const history = await (await classifier()).fit(await classes(), options)
  expect(timeless(history)).toEqual(timeless(whole))
})
