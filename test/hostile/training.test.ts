// Invalid values in the options of training.
import { rmSync } from 'node:fs'
import * as hebb from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { torment } from './values'

const { datasets, dense, network } = hebb

const data = await datasets.fromArrays(
  [
    [0, 1, 2],
    [1, 0, 2],
    [2, 1, 0],
    [1, 1, 1],
  ],
  [
    [0, 1],
    [1, 0],
    [1, 1],
    [0, 0],
  ],
)
const make = () => network([3], [dense({ units: 2 })])

// Some values are valid file names, and checkpoints are written to them.
afterAll(() => {
  for (const name of ['constructor', '__proto__']) rmSync(name, { force: true })
})

test('with any data', async () => {
  const net = await make()
  await torment('fit', (value) => net.fit(value))
  await torment('fit options', (value) => net.fit(data, value))
})

test.each([
  'epochs',
  'batchSize',
  'seed',
  'shuffle',
  'loss',
  'regularization',
  'optimizer',
  'selection',
  'patience',
  'checkpoint',
  'resume',
  'distributed',
  'progress',
  'signal',
  'onEpochEnd',
  'onBatch',
  'accumulate',
  'rates',
  'until',
  'shuffleBuffer',
  'stepsPerEpoch',
])('with any %s', async (option) => {
  const net = await make()
  await torment(`fit.${option}`, async (value) => {
    // Huge numbers of epochs are valid: stop the training.
    const run = net.fit(data, { epochs: 2, [option]: value } as never)
    setTimeout(() => run.stop(), 20)
    await run
  })
})

const OPTIMIZERS: Record<string, [make: (options: never) => unknown, options: string]> = {
  sgd: [hebb.sgd, 'learningRate momentum nesterov clip type'],
  adagrad: [hebb.adagrad, 'learningRate initialAccumulator epsilon'],
  rmsprop: [hebb.rmsprop, 'learningRate rho epsilon momentum centered'],
  adadelta: [hebb.adadelta, 'learningRate rho epsilon'],
  adam: [hebb.adam, 'learningRate beta1 beta2 epsilon amsgrad weightDecay'],
  adamw: [hebb.adamw, 'learningRate weightDecay'],
  nadam: [hebb.nadam, 'learningRate beta1'],
}

describe.each(Object.keys(OPTIMIZERS))('with %s', (name) => {
  const [maker, options] = OPTIMIZERS[name]!
  test.each(options.split(' '))('with any %s', async (key) => {
    const net = await make()
    await torment(`${name}.${key}`, (value) =>
      net.fit(data, { optimizer: maker({ learningRate: 0.01, [key]: value } as never) as never }),
    )
    await torment(`${name} by hand.${key}`, (value) =>
      net.fit(data, { optimizer: { type: name, learningRate: 0.01, [key]: value } as never }),
    )
    for (const { data } of Object.values(await net.weights())) expect(data.every(Number.isFinite)).toBe(true)
  })
})

const SCHEDULES = {
  constant: '',
  cosine: 'from to warmup',
  exponential: 'from factor',
  oneCycle: 'peak',
  step: 'from factor every',
  plateau: 'from factor patience',
  custom: '',
} as const

test.each(Object.keys(SCHEDULES) as (keyof typeof SCHEDULES)[])('with the schedule %s', async (name) => {
  const net = await make()
  const schedule = hebb.schedule[name] as (options: unknown) => hebb.Schedule
  const fit = (options: unknown) =>
    net.fit(data, { optimizer: hebb.sgd({ learningRate: schedule(options) }) })
  await torment(`schedule.${name}`, fit)
  const usual = { from: 0.1, to: 0.01, peak: 0.2, factor: 0.5, every: 2, patience: 1 }
  const own: Record<string, (keyof typeof usual)[]> = {
    cosine: ['from', 'to'],
    exponential: ['from', 'factor'],
    oneCycle: ['peak'],
    step: ['from', 'factor', 'every'],
    plateau: ['from', 'factor', 'patience'],
  }
  const options = Object.fromEntries((own[name] ?? []).map((key) => [key, usual[key]]))
  for (const key of SCHEDULES[name].split(' ').filter(Boolean)) {
    await torment(`schedule.${name}.${key}`, (value) => fit({ ...options, [key]: value }))
  }
})
