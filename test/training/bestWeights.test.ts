// Which epoch is the best, and how long the training waits for a better one.
import { datasets, type FitOptions, schedule, sgd } from 'hebb'
import { describe, expect, test } from 'vitest'
import { oneWeight } from '../helpers/recipe'

/**
 * Trains y = w·x from w = 1 to 0 on the sample x = 1, so that the selection loss after each epoch is w², and each epoch
 * multiplies w by 1 − 2·rate. The rates are chosen so that |w| is as given: all numbers are exact.
 */
async function follow(sizes: readonly number[], options: FitOptions) {
  const net = await oneWeight(1)
  const data = await datasets.fromArrays([[1], [1]], [[0], [0]])
  const rates = sizes.map((size, i) => (1 + size / (sizes[i - 1] ?? 1)) / 2)
  const history = await net.fit(data, {
    epochs: sizes.length,
    batchSize: 2,
    loss: 'meanSquaredError',
    optimizer: sgd({ learningRate: schedule.custom(({ epoch }) => rates[epoch]!) }),
    selection: data,
    ...options,
  })
  const { data: weights } = (await net.weights())['dense1.weight']!
  return {
    losses: history.epochs.map(({ selectionLoss }) => selectionLoss),
    best: history.bestEpoch,
    why: history.stopReason,
    left: Math.abs(weights[0]!),
  }
}

describe('patience', () => {
  test('counts from the best epoch, not all epochs that were not better', async () => {
    expect(await follow([2, 4, 1, 2, 4, 8], { patience: 2 })).toEqual({
      losses: [4, 16, 1, 4, 16],
      best: 3,
      why: 'patience',
      left: 1,
    })
  })

  test('ends for an equal loss, which is not better', async () => {
    expect(await follow([2, 2, 2, 2, 2], { patience: 3 })).toEqual({
      losses: [4, 4, 4, 4],
      best: 1,
      why: 'patience',
      left: 2,
    })
  })

  test('does not end a training for a better last epoch', async () => {
    expect(await follow([4, 8, 2, 4, 1], { patience: 2 })).toMatchObject({ best: 5, why: 'epochs', left: 1 })
  })

  test('that runs out in the last epoch is not the stop reason', async () => {
    expect(await follow([1, 2, 4], { patience: 2 })).toMatchObject({ best: 1, why: 'epochs', left: 1 })
  })
})

test('without patience the last weights are kept', async () => {
  expect(await follow([4, 1, 2], {})).toMatchObject({ best: 2, why: 'epochs', left: 2 })
})

test('a checkpoint is written for better epochs only', async () => {
  const kept: number[] = []
  const checkpoint: FitOptions['checkpoint'] = (_, { epoch }) => void kept.push(epoch)
  await follow([4, 4, 2, 8, 1, 1], { checkpoint })
  expect(kept).toEqual([1, 3, 5])
  kept.length = 0
  await follow([4, 4, 2], { checkpoint, selection: undefined } as unknown as FitOptions)
  expect(kept).toEqual([1, 2, 3])
})
