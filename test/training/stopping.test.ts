// Stopping criteria, at the exact value that meets them.
import { datasets, type FitOptions, schedule, sgd } from 'hebb'
import { describe, expect, test } from 'vitest'
import { oneWeight } from '../helpers/recipe'

/**
 * Trains y = w·x from w = 8 to 0 on the sample x = 1: the loss of an epoch is w², its gradient 2·w, with the w before the
 * epoch. `weights` are those after each epoch; all numbers are exact.
 */
async function until(goals: NonNullable<FitOptions['until']>, weights: readonly number[]) {
  const net = await oneWeight(8)
  const rates = weights.map((w, i) => (1 - w / (weights[i - 1] ?? 8)) / 2)
  const { epochs, stopReason } = await net.fit(await datasets.fromArrays([[1], [1]], [[0], [0]]), {
    epochs: weights.length,
    batchSize: 2,
    loss: 'meanSquaredError',
    optimizer: sgd({ learningRate: schedule.custom(({ epoch }) => rates[epoch]!) }),
    until: goals,
  })
  return [stopReason, epochs.length]
}

describe('convergenceThreshold', () => {
  test('counts consecutive epochs', async () => {
    // The gradient is 16, 16, 8, 8, 8: its change is 0 once, then 8, then 0 twice.
    const goals = { convergenceThreshold: 1, patience: 2 }
    expect(await until(goals, [8, 4, 4, 4, 4, 4])).toEqual(['convergenceThreshold', 5])
    expect(await until({ ...goals, patience: 1 }, [8, 4, 4, 4, 4, 4])).toEqual(['convergenceThreshold', 2])
  })

  test('is an inclusive limit, by default for one epoch', async () => {
    expect(await until({ convergenceThreshold: 8 }, [4, 2, 1])).toEqual(['convergenceThreshold', 2])
    expect(await until({ convergenceThreshold: 7.5 }, [4, 2, 1, 1])).toEqual(['convergenceThreshold', 3])
  })

  test('of zero means an equal gradient', async () => {
    expect(await until({ convergenceThreshold: 0 }, [4, 2, 2, 1])).toEqual(['convergenceThreshold', 4])
  })
})

test('decrease is an exclusive limit', async () => {
  // The losses are 64, 16, 4, 1: they fall by 48, 12 and 3.
  expect(await until({ decrease: 48 }, [4, 2, 1, 0.5])).toEqual(['decrease', 3])
  expect(await until({ decrease: 12 }, [4, 2, 1, 0.5])).toEqual(['decrease', 4])
  expect(await until({ decrease: 13 }, [4, 2, 1, 0.5])).toEqual(['decrease', 3])
  // The loss is unchanged: a decrease of 0 is not less than 0.
  expect(await until({ decrease: 0 }, [8, 8, 8])).toEqual(['epochs', 3])
})

test('decrease applies from the second epoch on', async () => {
  expect(await until({ decrease: 1e30 }, [4, 2, 1])).toEqual(['decrease', 2])
})

test('loss is an inclusive limit', async () => {
  expect(await until({ loss: 16 }, [4, 2, 1])).toEqual(['loss', 2])
  expect(await until({ loss: 15.5 }, [4, 2, 1])).toEqual(['loss', 3])
})

test('gradientNorm is an inclusive limit', async () => {
  expect(await until({ gradientNorm: 8 }, [4, 2, 1])).toEqual(['gradientNorm', 2])
  expect(await until({ gradientNorm: 7.5 }, [4, 2, 1])).toEqual(['gradientNorm', 3])
})

test('seconds end an epoch that would last for ever', async () => {
  const net = await oneWeight(8)
  const endless = function* () {
    for (;;) yield { x: [1], t: [0] }
  }
  const run = net.fit(endless, { batchSize: 2, until: { seconds: 0.05 } })
  expect(await run).toMatchObject({ stopReason: 'seconds', epochs: [] })
  // Pauses are included.
  const paused = net.fit(endless, { batchSize: 2, until: { seconds: 0.05 } })
  paused.pause()
  expect((await paused).stopReason).toBe('seconds')
  // A stopped training does not run into its time limit.
  const stopped = net.fit(endless, { batchSize: 2, until: { seconds: 1000 } })
  stopped.stop()
  expect((await stopped).stopReason).toBe('stopped')
})

test.each([
  { loss: Number.NaN },
  { loss: Number.POSITIVE_INFINITY },
  { decrease: -1e-9 },
  { gradientNorm: -1e-9 },
  { convergenceThreshold: -1e-9 },
  { convergenceThreshold: 1, patience: 0 },
  { convergenceThreshold: 1, patience: 1.5 },
  { seconds: 0 },
  { seconds: 2 ** 31 / 1000 },
  { time: 1 },
])('%j is refused', async (goals) => {
  await expect(until(goals as never, [8])).rejects.toMatchObject({ code: 'option' })
})

test.each([{ loss: -1 }, { decrease: 0 }, { gradientNorm: 0 }, { seconds: (2 ** 31 - 1) / 1000 }])(
  '%j is a goal',
  async (goals) => {
    expect(await until(goals, [4, 2])).toEqual(['epochs', 2])
  },
)
