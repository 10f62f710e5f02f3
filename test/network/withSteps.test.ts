import { dense, embedding, flatten, lstm, network, rnn, sgd, withSteps } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

test('the same weights for another number of steps', async () => {
  const net = await network([4, 2], [lstm({ units: 3, returns: 'all' }), dense({ units: 1 })], { seed: 2 })
  const step = await withSteps(net, 1)
  expect(await step.weights()).toEqual(await net.weights())
  const x = Array.from({ length: 4 }, (_, t) => [Math.sin(t), Math.cos(t)])
  const { data } = await net.predict(x)
  let state = {}
  for (const [t, row] of x.entries()) {
    const after = await step.predict([row], { state })
    expect(after.output.data[0]).toBe(data[t])
    state = after.state
  }
  const longer = await withSteps(step, 6)
  expect((await longer.predict([...x, [0, 0], [0, 0]])).data.slice(0, 4)).toEqual(data)
})

test('is independent of the first', async () => {
  const net = await network({ x: [3] }, [
    embedding({ units: 2, vocabulary: 4 }),
    rnn({ units: 3 }),
    dense({ units: 2, activation: 'softmax' }),
  ])
  const copy = await withSteps(net, 5)
  const before = await copy.weights()
  await net.fit([{ x: [0, 1, 2], t: 1 }], { epochs: 1, batchSize: 1, optimizer: sgd({ learningRate: 1 }) })
  expect(await copy.weights()).toEqual(before)
  expect(await net.weights()).not.toEqual(before)
  net.dispose()
  expect((await copy.predict([3, 0, 1, 2, 3])).shape).toEqual([2])
})

test('an input of lengths is left out', async () => {
  const layers = [embedding({ units: 2, vocabulary: 4 }), lstm({ units: 3 })] as const
  const net = await network({ x: [4], 'x.lengths': [1] }, layers, { seed: 3 })
  const copy = await withSteps(net, 2)
  const { data } = await net.predict({ x: [[3, 1, 0, 0]], 'x.lengths': [[2]] })
  expect((await copy.predict([[3, 1]])).data).toEqual(data)
})

test('networks that have no such steps are refused', async () => {
  const message = 'withSteps needs a network of one sequence, [T, features] or tokens [T], not'
  const flat = await network([4], [dense({ units: 1 })])
  await refused('shape', `${message} input [4]`, () => withSteps(flat, 2))
  const two = await network(
    { a: [4, 1], b: [1] },
    [rnn({ units: 2, from: 'a' }), dense({ units: 2, from: 'b' })],
    {
      outputs: ['rnn1', 'dense1'],
    },
  )
  await refused('shape', `${message} a [4,1], b [1]`, () => withSteps(two, 2))
  const whole = await network([4, 1], [rnn({ units: 2, returns: 'all' }), flatten(), dense({ units: 1 })])
  await refused('shape', 'dense1.weight', () => withSteps(whole, 2))
  await refused('option', 'steps must be a whole number of at least 1', () => withSteps(whole, 0))
  await refused('option', 'withSteps takes a network and a number of steps', () => withSteps({} as never, 1))
})
