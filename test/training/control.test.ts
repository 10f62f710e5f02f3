// Pausing, stepping, stopping, early stopping and checkpoints change no bit of a training.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  conv2d,
  datasets,
  dense,
  type EpochReport,
  type FitProgress,
  flatten,
  loadNetwork,
  maxPool2d,
  network,
  sgd,
  shutdown,
} from 'hebb'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { fingerprint, quartersData, smallNetwork } from '../helpers/recipe'
import { script } from '../helpers/script'

const folder = mkdtempSync(join(tmpdir(), 'hebb-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(shutdown)

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** 200 samples in 10 minibatches: the training of the tests below, unless they say otherwise. */
const small = async () => ({ net: await smallNetwork(), data: await quartersData(200) })
const options = { epochs: 3, batchSize: 20, seed: 5 }

/** The weights of {@link small} after an undisturbed training. */
async function undisturbed(more: object = {}): Promise<string> {
  const { net, data } = await small()
  await net.fit(data, { ...options, ...more })
  return fingerprint(net)
}

/** Waits until a training is under way. */
async function underway(run: AsyncIterable<unknown>) {
  for await (const _ of run) return
}

describe('pause', () => {
  test('step trains exactly the given number of minibatches, with the final result of an undisturbed run', async () => {
    const { net, data } = await small()
    const events: FitProgress[] = []
    const run = net.fit(data, { ...options, onBatch: (progress) => void events.push(progress) })
    run.pause()
    expect(run.paused).toBe(true)
    const before = await fingerprint(net)
    expect(await fingerprint(await smallNetwork())).toBe(before)
    const seen = [before]
    for (let batch = 1; batch <= 12; batch++) {
      await run.step()
      expect(events.at(-1)).toMatchObject({ epoch: batch > 10 ? 2 : 1, batch: ((batch - 1) % 10) + 1 })
      seen.push(await fingerprint(net))
    }
    expect(new Set(seen).size).toBe(13)
    await Promise.all([run.step(3), run.step(2)])
    expect(events.at(-1)).toMatchObject({ epoch: 2, batch: 7 })
    expect(run.paused).toBe(true)
    run.resume()
    expect(run.paused).toBe(false)
    expect(await run).toMatchObject({ stopReason: 'epochs', epochs: { length: 3 } })
    expect(await fingerprint(net)).toBe(await undisturbed())
  })

  test('step pauses a running training, and ends with it', async () => {
    const { net, data } = await small()
    const run = net.fit(data, { ...options, epochs: 2000 })
    await underway(run)
    await run.step(5)
    expect(run.paused).toBe(true)
    const still = await fingerprint(net)
    await sleep(50)
    expect(await fingerprint(net)).toBe(still)
    await expect(run.step(0)).rejects.toMatchObject({ code: 'option' })
    run.stop()
    await run
    await run.step()
    expect(await fingerprint(net)).toBe(still)

    // More steps than remain.
    const last = net.fit(data, options)
    await last.step(1000)
    expect(await last).toMatchObject({ stopReason: 'epochs', epochs: { length: 3 } })
    expect(last.paused).toBe(false)
  })

  test('the weights can be read, used and saved while paused, and no training happens', async () => {
    const { net, data } = await small()
    const run = net.fit(data, { ...options, epochs: 100_000 })
    await underway(run)
    run.pause()
    const now = await fingerprint(net)
    const path = join(folder, 'paused.safetensors')
    await net.save(path)
    expect(await fingerprint(await loadNetwork(path))).toBe(now)
    expect((await net.predict(data)).shape).toEqual([200, 4])
    expect((await net.evaluate(data)).samples).toBe(200)
    await sleep(50)
    expect(await fingerprint(net)).toBe(now)
    run.stop()
    await run
  })

  test('it waits idle: a process with nothing else to do exits', () => {
    const output = script(`
      import { datasets, dense, init, network } from 'hebb'
      await init({ thread: 'here' })
      const net = await network([1], [dense({ units: 1 })])
      const run = net.fit(await datasets.fromArrays([[0], [1]], [[1], [3]]), { epochs: 1e9, batchSize: 1 })
      await run.step(3)
      process.on('exit', () => console.log(run.paused))`)
    expect(output).toBe('true')
  })

  test.each(['worker', 'here'] as const)('stop and abort take effect, with thread: %s', (thread) => {
    const output = script(
      `import { datasets, dense, init, network } from 'hebb'
        await init({ thread: '${thread}' })
        const net = await network([1], [dense({ units: 1 })])
        const data = await datasets.fromArrays([[0], [1]], [[1], [3]])
        const options = { epochs: 1e9, batchSize: 1 }
        const one = net.fit(data, options)
        await one.step(3)
        one.stop()
        console.log((await one).stopReason)
        const controller = new AbortController()
        const two = net.fit(data, { ...options, signal: controller.signal })
        await two.step(3)
        const step = two.step(1e8)
        controller.abort()
        await step.catch(({ name }) => console.log(name))
        await two.then(null, ({ name }) => console.log(name))
        const three = net.fit(data, options)
        three.pause()
        three.stop()
        console.log((await three).epochs.length)
        const four = net.fit(data, options)
        await four.step()
        net.dispose()
        await four.then(null, ({ code }) => console.log(code))`,
    )
    expect(output.split('\n')).toEqual(['stopped', 'AbortError', 'AbortError', '0', 'disposed'])
  })

  test('a pending step rejects with the error that ends the run', async () => {
    const net = await network([1], [dense({ units: 1 })])
    const data = await datasets.fromArrays([[1000], [-1000]], [[1], [2]])
    const run = net.fit(data, { epochs: 1000, batchSize: 2, optimizer: sgd({ learningRate: 1e6 }) })
    await expect(run.step(500)).rejects.toMatchObject({ code: 'diverged' })
    await expect(run).rejects.toMatchObject({ code: 'diverged' })
    const lost = (await small()).net.fit(await quartersData(20), { epochs: 1000 })
    await lost.step()
    const step = lost.step(10_000)
    await shutdown()
    await expect(step).rejects.toMatchObject({ code: 'engineLost' })
    await expect(lost).rejects.toMatchObject({ code: 'engineLost' })
  })

  test("an epoch's seconds exclude it", () => {
    // By a clock that advances one second before the pause, and during it.
    const output = script(`
      import { datasets, dense, init, network } from 'hebb'
      await init({ thread: 'here' })
      const net = await network([1], [dense({ units: 1 })])
      const data = await datasets.fromArrays([[0], [1]], [[1], [3]])
      let now = 0
      performance.now = () => now
      const run = net.fit(data, { batchSize: 1, onBatch: ({ batch }) => void (batch === 1 && (now += 1000)) })
      await run.step()
      await new Promise((resolve) => setTimeout(resolve))
      now += 5000
      run.resume()
      console.log((await run).epochs[0].seconds)`)
    expect(output).toBe('1')
  })
})

describe('patience', () => {
  /** Random targets: the selection loss soon rises. */
  async function noise() {
    let state = 1
    const draw = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    const make = (samples: number) =>
      datasets.fromArrays(
        Array.from({ length: samples }, () => Array.from({ length: 6 }, draw)),
        Array.from({ length: samples }, () => Math.floor(draw() * 3)),
      )
    const net = await network(
      [6],
      [dense({ units: 40, activation: 'tanh' }), dense({ units: 3, activation: 'softmax' })],
      { seed: 2 },
    )
    return { net, data: await make(60), selection: await make(40) }
  }
  const fast = { epochs: 200, batchSize: 10, optimizer: sgd({ learningRate: 0.3, momentum: 0.9 }) }

  test('stops after the given number of epochs without a lower loss, with the best weights', async () => {
    const { net, data, selection } = await noise()
    const after: string[] = []
    const onEpochEnd = async () => void after.push(await fingerprint(net))
    const history = await net.fit(data, { ...fast, selection, patience: 4, onEpochEnd })
    const losses = history.epochs.map(({ selectionLoss }) => selectionLoss!)
    expect(history.stopReason).toBe('patience')
    expect(history.epochs).toHaveLength(history.bestEpoch! + 4)
    expect(losses[history.bestEpoch! - 1]).toBe(Math.min(...losses))
    expect(await fingerprint(net)).toBe(after[history.bestEpoch! - 1])
    expect((await net.evaluate(selection)).loss).toBe(Math.min(...losses))
    // Without patience the same training keeps the last weights.
    const again = await noise()
    const whole = await again.net.fit(again.data, { ...fast, selection, epochs: history.epochs.length })
    expect([whole.stopReason, whole.bestEpoch]).toEqual(['epochs', history.bestEpoch])
    expect(await fingerprint(again.net)).toBe(after.at(-1))
  })

  test('all epochs and stop() end with the best weights too', async () => {
    const { net, data, selection } = await noise()
    const { stopReason } = await net.fit(data, { ...fast, epochs: 30, selection, patience: 100 })
    expect(stopReason).toBe('epochs')
    const { loss } = await net.evaluate(selection)
    const other = await noise()
    const run = other.net.fit(other.data, {
      ...fast,
      selection,
      patience: 100,
      onEpochEnd: ({ epoch }) => {
        if (epoch === 30) run.stop()
      },
    })
    expect((await run).stopReason).toBe('stopped')
    expect((await other.net.evaluate(selection)).loss).toBe(loss)
  })

  test('needs a selection set', async () => {
    const { net, data } = await small()
    await expect(net.fit(data, { patience: 3 })).rejects.toThrow('selection')
    await expect(net.fit(data, { patience: 0, selection: 0.5 })).rejects.toMatchObject({ code: 'option' })
  })
})

describe('checkpoint', () => {
  test('a file has the model of each epoch', async () => {
    const { net, data } = await small()
    const path = join(folder, 'checkpoint.safetensors')
    const onEpochEnd = async () => {
      expect(new Uint8Array(readFileSync(path))).toEqual(await net.toBytes())
      expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
    }
    await net.fit(data, { ...options, checkpoint: path, onEpochEnd })
    expect(await fingerprint(await loadNetwork(path))).toBe(await fingerprint(net))
    const nowhere = net.fit(data, { ...options, checkpoint: join(folder, 'no', 'such', 'folder') })
    await expect(nowhere).rejects.toMatchObject({ code: 'file' })
    await expect(net.fit(data, { checkpoint: 3 as never })).rejects.toMatchObject({ code: 'option' })
  })

  test('a function gets its bytes and the report, with a selection set for better epochs only', async () => {
    const { net, data } = await small()
    const selection = await quartersData(50)
    const kept: [Uint8Array, EpochReport][] = []
    const checkpoint = async (bytes: Uint8Array, report: EpochReport) => void kept.push([bytes, report])
    const { epochs, bestEpoch } = await net.fit(data, {
      ...options,
      epochs: 12,
      optimizer: sgd({ learningRate: 0.4 }),
      selection,
      checkpoint,
    })
    let lowest = Number.POSITIVE_INFINITY
    const better = epochs.filter(({ selectionLoss }) => {
      const lower = selectionLoss! < lowest
      if (lower) lowest = selectionLoss!
      return lower
    })
    expect(kept.map(([, report]) => report)).toEqual(better)
    expect(kept.at(-1)![1].epoch).toBe(bestEpoch)
    const best = await loadNetwork(kept.at(-1)![0])
    expect((await best.evaluate(selection)).loss).toBe(lowest)
  })
})

test.each(['onEpochEnd', 'onBatch', 'checkpoint'])(
  'an error in %s ends the run, and nothing else',
  async (name) => {
    const { net, data } = await small()
    const mine = new Error('mine')
    const failing = () => {
      throw mine
    }
    await expect(net.fit(data, { ...options, [name]: failing })).rejects.toBe(mine)
    await expect(net.fit(data, { ...options, [name]: () => Promise.reject(mine) })).rejects.toBe(mine)
    expect((await net.weights())['dense2.bias']!.data.every(Number.isFinite)).toBe(true)
    expect((await net.fit(data, options)).stopReason).toBe('epochs')
  },
)

test('a network has one training at a time', async () => {
  const { net, data } = await small()
  const run = net.fit(data, { ...options, epochs: 10_000, selection: 0.1 })
  const refused = {
    name: 'HebbError',
    code: 'option',
    message: expect.stringContaining('is being trained already'),
  }
  await expect(net.fit(data, options)).rejects.toMatchObject(refused)
  await underway(run)
  await expect(net.fit(data, options)).rejects.toMatchObject(refused)
  const { gradients } = await net.gradients(data)
  await expect(net.update(gradients)).rejects.toMatchObject(refused)
  await expect(net.setWeights(await net.weights())).rejects.toMatchObject(refused)
  run.pause()
  await expect(net.update(gradients)).rejects.toMatchObject(refused)
  run.stop()
  await run
  await net.update(gradients)
  await net.setWeights(await net.weights())
  // A refused start does not lock the network.
  await expect(net.fit(data, { epochs: 0 })).rejects.toMatchObject({ code: 'option' })
  const last = net.fit(data, { ...options, epochs: 10_000 })
  await underway(last)
  net.dispose()
  await expect(last).rejects.toMatchObject({ code: 'disposed' })
  expect(await (await smallNetwork()).fit(data, options)).toMatchObject({ stopReason: 'epochs' })
})

test('a third network can predict while two train', async () => {
  const [one, two] = [await small(), await small()]
  const other = await network([2], [dense({ units: 1 })])
  const runs = [one, two].map(({ net, data }) => net.fit(data, { ...options, epochs: 1e6 }))
  await Promise.all(runs.map(underway))
  await other.predict([1, 2])
  for (const run of runs) run.stop()
  expect((await Promise.all(runs)).map(({ stopReason }) => stopReason)).toEqual(['stopped', 'stopped'])
})

test('two networks train concurrently, with the same results as alone', async () => {
  const alone = [await undisturbed({ epochs: 30 }), await undisturbed({ epochs: 20, seed: 6 })]
  const [one, two] = [await small(), await small()]
  const runs = [
    one.net.fit(one.data, { ...options, epochs: 30 }),
    two.net.fit(two.data, { ...options, epochs: 20, seed: 6 }),
  ]
  await Promise.all(runs)
  expect([await fingerprint(one.net), await fingerprint(two.net)]).toEqual(alone)
})

test('a custom training loop equals fit, bit for bit', async () => {
  const make = () =>
    network(
      [1, 12, 12],
      [
        conv2d({ filters: 4, kernel: 3, activation: 'relu' }),
        maxPool2d({ kernel: 2 }),
        flatten(),
        dense({ units: 17, activation: 'tanh' }),
        dense({ units: 4, activation: 'softmax' }),
      ],
      { seed: 3 },
    )
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3 })
  const [a, b, data] = [await make(), await make(), await quartersData(70)]
  await a.fit(data, { epochs: 3, batchSize: 20, shuffle: false, optimizer })

  for (let epoch = 0; epoch < 3; epoch++) {
    for (let from = 0; from < data.samples; from += 20) {
      const count = Math.min(20, data.samples - from)
      using batch = await data.subset(Array.from({ length: count }, (_, i) => from + i))
      const { gradients } = await b.gradients(batch)
      await b.update(gradients, optimizer)
    }
  }
  expect(await fingerprint(b)).toBe(await fingerprint(a))
})
