// One process is a job of one rank, by the same arithmetic.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { batchNorm, bfgs, datasets, dense, dropout, type FitOptions, gru, network, sgd } from 'hebb'
import { distributed } from 'hebb/distributed'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'hebb-distributed-'))
afterAll(() => rmSync(folder, { recursive: true }))

const samples = 37
const x = { shape: [samples, 3], data: Float32Array.from({ length: samples * 3 }, (_, i) => Math.sin(i * i)) }
const data = () =>
  datasets.fromArrays(
    x,
    Uint32Array.from({ length: samples }, (_, i) => i % 4),
  )
const net = () =>
  network(
    [3],
    [
      dense({ units: 9, activation: 'tanh' }),
      dropout({ rate: 0.2 }),
      batchNorm(),
      dense({ units: 4, activation: 'softmax' }),
    ],
    { seed: 2 },
  )
const options = (): FitOptions => ({
  epochs: 3,
  batchSize: 8,
  seed: 1,
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
})

async function train(more: FitOptions) {
  const own = await net()
  const history = await own.fit(await data(), { ...options(), ...more })
  const values = Object.values(await own.weights()).flatMap((tensor) => [...tensor.data])
  return { history, values }
}

test('one micro-shard is the training that no one shares, and more are it but for rounding', async () => {
  const plain = await train({})
  for (const shards of [1, 3, 8]) {
    const ranks = await distributed({ shards })
    expect([ranks.rank, ranks.size]).toEqual([0, 1])
    const { history, values } = await train({ distributed: ranks })
    const losses = (all: typeof history) => all.epochs.map(({ loss, accuracy }) => [loss, accuracy])
    if (shards === 1) expect([values, losses(history)]).toEqual([plain.values, losses(plain.history)])
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(plain.values[i]!, 4)
    expect(history.optimizer.steps).toBe(15)
    await ranks.close()
  }
})

test('it pauses, steps, stops and goes on from a checkpoint as others do', async () => {
  const path = join(folder, 'run.safetensors')
  const whole = await train({ distributed: await distributed() })
  const own = await net()
  const checkpoint = { path, every: { batches: 2 } }
  const run = own.fit(await data(), { ...options(), distributed: await distributed(), checkpoint })
  run.pause()
  await run.step(3)
  expect(own.optimizerState).toBeUndefined()
  await run.step(4)
  run.stop()
  expect((await run).stopReason).toBe('stopped')
  expect(own.optimizerState?.steps).toBe(7)
  const again = await train({ distributed: await distributed(), checkpoint, resume: true })
  expect(again.values).toEqual(whole.values)
  expect(again.history.epochs.map(({ loss }) => loss)).toEqual(whole.history.epochs.map(({ loss }) => loss))
  // Other micro-shards give other bits.
  const other = train({ distributed: await distributed({ shards: 4 }), checkpoint, resume: true })
  await expect(other).rejects.toMatchObject({
    code: 'option',
    message: expect.stringContaining('shards is 4'),
  })
})

test('a step that fails says where, and leaves the weights', async () => {
  const own = await network([3], [dense({ units: 4 })], { seed: 1 })
  const before = await own.weights()
  const huge = await datasets.fromArrays(
    { ...x, data: x.data.map((value) => value * 1e38) },
    {
      shape: [samples, 4],
      data: new Float32Array(4 * samples),
    },
  )
  const run = own.fit(huge, { ...options(), loss: 'meanSquaredError', distributed: await distributed() })
  await expect(run).rejects.toMatchObject({
    code: 'diverged',
    message: expect.stringMatching(/epoch 1, batch 1/),
  })
  expect(await own.weights()).toEqual(before)
})

test('what cannot be cut is refused', async () => {
  const ranks = await distributed({ shards: 2 })
  const own = await net()
  const refused = async (run: Promise<unknown>, message: string) =>
    expect(run).rejects.toMatchObject({ code: 'option', message: expect.stringContaining(message) })
  const stream = () => (async function* () {})()
  await refused(own.fit(stream, { distributed: ranks }).then(), 'a stream cannot be cut')
  await refused(
    own.fit(await data(), { optimizer: bfgs(), distributed: ranks }).then(),
    'bfgs takes all samples',
  )
  const recurrent = await network([5, 1], [gru({ units: 2, returns: 'all' }), dense({ units: 1 })])
  const series = await datasets.fromArrays(
    { shape: [2, 9, 1], data: new Float32Array(18) },
    { shape: [2, 9, 1], data: Float32Array.from({ length: 18 }, (_, i) => i / 18) },
  )
  await refused(recurrent.fit(series, { truncated: true, distributed: ranks }).then(), 'truncated')
  await refused(own.fit(await data(), { distributed: {} as never }).then(), 'distributed')
  await refused(distributed({ shards: 0 }), 'shards')
  await refused(distributed({ timeoutMs: 10 }), 'timeoutMs')
  await refused(distributed({ reduce: 'quick' as never }), 'reduce')
  await refused(distributed({ ranks: 2 } as never), 'no option "ranks"')
})

test('alone there is nothing to exchange', async () => {
  const ranks = await distributed()
  const values = Float32Array.of(1, 2)
  await ranks.allReduce(values)
  await ranks.broadcast(values)
  await ranks.barrier()
  expect([...values]).toEqual([1, 2])
  expect((await ranks.shard(await data())).samples).toBe(samples)
  await ranks.close()
  await expect(ranks.barrier()).rejects.toMatchObject({ code: 'disposed' })
})
