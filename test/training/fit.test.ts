// Options of fit, the state that it keeps, and how its failures are reported.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { adam, datasets, dense, dropout, type FitProgress, lbfgs, network, schedule, sgd } from 'hebb'
import { describe, expect, test } from 'vitest'
import { fingerprint } from '../helpers/recipe'

const x = Array.from({ length: 40 }, (_, i) => [i / 20 - 1, ((i * 7) % 40) / 20 - 1])
const t = x.map(([a, b]) => Number(a! * b! > 0))
const samples = x.map((x, i) => ({ x, t: t[i]! }))
const held = () => datasets.fromArrays(x, t)
const twoLayers = () =>
  network(
    [2],
    [
      dense({ units: 16, activation: 'tanh' }),
      dropout({ rate: 0.2 }),
      dense({ units: 2, activation: 'softmax' }),
    ],
    {
      seed: 1,
    },
  )

/** Runs a program in Node; returns its exit code and its output. */
async function program(text: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const start = `import { datasets, dense, network, sgd } from 'hebb'
    const data = await datasets.fromArrays([[1], [2]], [[3], [4]])
    const net = await network([1], [dense({ units: 1 })])
    const wild = { epochs: 500, optimizer: sgd({ learningRate: 1e9 }) }\n`
  const args = ['--input-type=module', '--eval', start + text]
  const done = promisify(execFile)(process.execPath, args, {
    cwd: new URL('.', import.meta.url),
    timeout: 150_000,
  })
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )
}

describe('a run that fails', () => {
  // ml5 #1193: errors of training were lost.
  test('ends the process if its promise is not handled', async () => {
    for (const text of [
      'net.fit(data, wild)',
      'const run = net.fit(data, wild); await run.step(1); run.resume()',
      'net.fit(data, { epochs: 0 })',
      'net.fit(data, wild).pause(); net.dispose()',
    ]) {
      const { code, stderr } = await program(text)
      expect(code).toBe(1)
      expect(stderr).toContain('HebbError')
    }
  })

  test('is reported to await, iteration, step and catch', async () => {
    for (const text of [
      'await net.fit(data, wild).catch(({ code }) => console.log(code))',
      'await net.fit(data, wild).then(undefined, ({ code }) => console.log(code))',
      'try { for await (const _ of net.fit(data, wild)); } catch ({ code }) { console.log(code) }',
      'try { for (const run = net.fit(data, wild); ; ) await run.step(10) } catch ({ code }) { console.log(code) }',
      'const run = net.fit(data, wild); await Promise.all([run.step(2), run.step(1), run.step(90)]).catch(({ code }) => console.log(code))',
      'await net.fit(data, wild).finally(() => console.log("over")).catch(({ code }) => console.log(code))',
    ]) {
      const { code, stdout } = await program(text)
      expect([code, stdout.trim().split('\n').at(-1)]).toEqual([0, 'diverged'])
    }
  })

  test('works with catch and finally like any promise', async () => {
    const net = await twoLayers()
    const order: string[] = []
    const run = net.fit(await held(), { batchSize: 0 })
    await run.finally(() => order.push('finally')).catch(({ code }) => order.push(code))
    expect(order).toEqual(['finally', 'option'])
    expect(await run.catch(() => 'caught')).toBe('caught')
    const good = net.fit(await held())
    expect((await good.finally(() => order.push('finally'))).stopReason).toBe('epochs')
    expect(Object.prototype.toString.call(good)).toBe('[object Run]')
  })
})

describe('a second fit', () => {
  // keras #3704, #13750, #1872 (4 × 5 epochs should equal 20), rstudio/keras3 #415 (with momentum 2 × 200 ≠ 400).
  test.each([
    ['adam', 'adam'],
    ['sgd with momentum', sgd({ learningRate: 0.1, momentum: 0.9 })],
    ['rmsprop', 'rmsprop'],
    ['sgd without anything', sgd({ learningRate: 0.1 })],
  ] as const)('continues the first one: 10 + 10 epochs of %s equal 20', async (_, optimizer) => {
    const data = await held()
    const options = { optimizer, seed: 3 }
    const [once, twice, streamed] = [await twoLayers(), await twoLayers(), await twoLayers()]
    await once.fit(data, { ...options, epochs: 20, batchSize: 8 })
    for (const epochs of [10, 4, 6]) await twice.fit(data, { ...options, epochs, batchSize: 8 })
    for (const epochs of [5, 15]) await streamed.fit(() => samples, { ...options, epochs, batchSize: 8 })
    expect(await fingerprint(twice)).toBe(await fingerprint(once))
    expect(await fingerprint(streamed)).toBe(await fingerprint(once))
  })

  test('reports whether it continued or started anew', async () => {
    const [net, data] = [await twoLayers(), await held()]
    const fit = async (optimizer: Parameters<typeof net.update>[1]) =>
      (await net.fit(data, { epochs: 2, batchSize: 8, optimizer: optimizer! })).optimizer
    expect(net.optimizerState).toBeUndefined()
    expect(await fit('adam')).toEqual({ type: 'adam', before: 0, steps: 10 })
    expect(net.optimizerState).toEqual({ type: 'adam', steps: 10 })
    expect(await fit(adam({ learningRate: 0.1 }))).toEqual({ type: 'adam', before: 10, steps: 20 })
    expect(await fit(adam({ beta1: 0.5 }))).toEqual({ type: 'adam', before: 0, steps: 10 })
    expect(await fit('sgd')).toEqual({ type: 'sgd', before: 0, steps: 10 })
    await net.setWeights(await net.weights())
    expect(net.optimizerState).toBeUndefined()
    expect(await fit('sgd')).toMatchObject({ before: 0 })
    const whole: Error = await net
      .fit(data, { loss: 'crossEntropy', optimizer: 'lbfgs' })
      .catch((error) => error)
    expect(whole.message).toContain('dropout')
    expect(net.optimizerState).toEqual({ type: 'sgd', steps: 10 })
  })

  test('continues after update too', async () => {
    const net = await twoLayers()
    const { gradients } = await net.gradients(x, t)
    for (let i = 0; i < 3; i++) await net.update(gradients, 'adam')
    expect(net.optimizerState).toEqual({ type: 'adam', steps: 3 })
    const { optimizer } = await net.fit(await held(), { optimizer: 'adam', batchSize: 40 })
    expect(optimizer).toEqual({ type: 'adam', before: 3, steps: 4 })
  })

  test('continues from the state of a stopped, an aborted and a diverged run', async () => {
    const [net, data] = [await twoLayers(), await held()]
    const run = net.fit(data, { epochs: 5, batchSize: 8 })
    await run.step(7)
    run.stop()
    expect((await run).optimizer).toEqual({ type: 'adam', before: 0, steps: 7 })
    const abort = new AbortController()
    const aborted = net.fit(data, {
      epochs: 5,
      batchSize: 8,
      signal: abort.signal,
      onEpochEnd: () => abort.abort(),
    })
    await expect(aborted).rejects.toThrow()
    expect(net.optimizerState).toEqual({ type: 'adam', steps: 12 })
    const wild = net.fit(data, { optimizer: adam({ learningRate: 1e38 }), batchSize: 8, epochs: 9 })
    await expect(wild).rejects.toMatchObject({ code: 'diverged' })
    // The last loss diverged, not the step before it.
    expect(net.optimizerState).toEqual({ type: 'adam', steps: 13 })
  })

  test('starts anew after patience restored the weights of an earlier epoch', async () => {
    const [net, data] = [await twoLayers(), await held()]
    const options = { epochs: 3, batchSize: 8, selection: data, patience: 1 }
    const falling = await net.fit(data, { ...options, optimizer: sgd({ learningRate: 0.01 }) })
    expect([falling.bestEpoch, falling.optimizer.steps]).toEqual([3, 15])
    const worse = await net.fit(data, { ...options, optimizer: adam({ learningRate: 5 }) })
    expect(worse.bestEpoch).toBeLessThan(worse.epochs.length)
    expect(worse.optimizer).toEqual({ type: 'adam', before: 0, steps: 0 })
  })

  test('with a full-batch optimizer starts anew', async () => {
    const net = await network([2], [dense({ units: 2, activation: 'softmax' })])
    const data = await held()
    await net.fit(data, { epochs: 2 })
    for (let i = 0; i < 2; i++) {
      const { optimizer } = await net.fit(data, { epochs: 2, optimizer: lbfgs() })
      expect(optimizer).toEqual({ type: 'lbfgs', before: 0, steps: 0 })
    }
  })
})

describe('onBatch', () => {
  // tfjs #5512 (a fifth of the batches), tensorflow_macos #238 (none), tensorflow #58098 (means instead of its own loss).
  test('gets every minibatch once, in order, with its own loss and rate: a rate finder', async () => {
    const rate = schedule.custom(({ part }) => 1e-5 * 10 ** (6 * part))
    for (const data of [await held(), () => samples]) {
      const [seen, net]: [FitProgress[], Awaited<ReturnType<typeof twoLayers>>] = [[], await twoLayers()]
      await net.fit(data, {
        epochs: 50,
        batchSize: 10,
        ...(typeof data === 'function' && { stepsPerEpoch: 4 }),
        optimizer: sgd({ learningRate: rate }),
        onBatch: (progress) => void seen.push(progress),
      })
      expect(seen.map(({ epoch, batch }) => 4 * (epoch - 1) + batch)).toEqual(
        Array.from({ length: 200 }, (_, i) => i + 1),
      )
      expect(seen[0]!.learningRate).toBeCloseTo(1e-5, 6)
      expect(seen.every(({ learningRate }, i) => i === 0 || learningRate > seen[i - 1]!.learningRate)).toBe(
        true,
      )
      expect(new Set(seen.map(({ batchLoss }) => batchLoss)).size).toBeGreaterThan(150)
    }
  })

  test('has got all minibatches before the one that fails', async () => {
    const [net, seen] = [await twoLayers(), [] as number[]]
    const options = { optimizer: adam({ learningRate: 1e38 }), batchSize: 8, epochs: 9 }
    const run = net.fit(await held(), {
      ...options,
      onBatch: ({ epoch, batch }) => void seen.push(5 * (epoch - 1) + batch),
    })
    const error: Error = await run.then(
      () => expect.fail(),
      (error) => error,
    )
    const [, epoch, batch] = /epoch (\d+), batch (\d+)/.exec(error.message)!
    expect(seen).toEqual(Array.from({ length: 5 * (Number(epoch) - 1) + Number(batch) - 1 }, (_, i) => i + 1))
  })

  test('that throws ends the run, and is not called again', async () => {
    const [net, data] = [await twoLayers(), await held()]
    let calls = 0
    const onBatch = () => {
      calls++
      throw new Error('enough')
    }
    await expect(
      net.fit(data, { epochs: 100, batchSize: 8, onBatch }).catch((error) => error.message),
    ).resolves.toBe('enough')
    expect(calls).toBe(1)
  })
})

describe('batchSize', () => {
  // scikit-learn #5670, flowjax #83: a larger size than the data means all samples.
  test('above the number of samples means all of them', async () => {
    const data = await held()
    const seen: number[] = []
    for (const batchSize of [40, 41, 1e9]) {
      await (await twoLayers()).fit(data, { batchSize, onBatch: ({ samples }) => void seen.push(samples) })
    }
    await (await network([2], [dense({ units: 2, activation: 'softmax' })])).fit(data, {
      batchSize: 1000,
      optimizer: 'lbfgs',
    })
    expect(seen).toEqual([40, 40, 40])
    for (const batchSize of [0, -1, 1.5, Number.NaN, '8' as never]) {
      await expect((await twoLayers()).fit(data, { batchSize }).catch((e) => e.message)).resolves.toContain(
        'batchSize must be',
      )
    }
  })

  test('is 32 by default, and a tenth of a small data set', async () => {
    const sizes = []
    for (const samples of [4, 39, 40, 319, 320, 1000]) {
      const x = Array.from({ length: samples }, (_, i) => [i / samples])
      const net = await network([1], [dense({ units: 1 })])
      let first = 0
      await net.fit(await datasets.fromArrays(x, x), {
        onBatch: ({ batch, samples }) => {
          if (batch === 1) first = samples
        },
      })
      sizes.push(first)
    }
    expect(sizes).toEqual([1, 3, 4, 31, 32, 32])
  })
})

test('the default rate follows from the number of parameters', async () => {
  const rates = []
  for (const [units, optimizer] of [
    [4, undefined],
    [600, 'adam'],
    [1e5, 'adamw'],
    [1e6, 'nadam'],
    [4, 'sgd'],
    [600, adam({ learningRate: 0.5 })],
  ] as const) {
    const net = await network([1], [dense({ units, bias: false }), dense({ units: 1, bias: false })])
    const { epochs } = await net.fit(await datasets.fromArrays([[1], [2]], [[1], [2]]), {
      ...(optimizer && { optimizer }),
    })
    rates.push(Number(epochs[0]!.learningRate.toPrecision(6)))
    net.dispose()
  }
  expect(rates).toEqual([0.01, 0.0094, 0.0017, 0.001, 0.01, 0.5])
})

describe('a share for selection', () => {
  // scikit-learn #24713: a tenth of few samples is no sample.
  test.each([
    [0.001, 'fit: selection: 0.001 of 40 samples is less than one sample'],
    [0.999, 'fit: selection: 0.999 of 40 samples is 40 of them, none is left to train on'],
    [1.5, 'fit: selection must be a data set, or a part of the data between 0 and 1, got 1.5'],
    [5000, 'got 5000'],
    [0, 'got 0'],
    [Number.NaN, 'got NaN'],
    ['0.2', 'got "0.2"'],
  ])('of %o is refused with the value as written', async (selection, message) => {
    const run = (await twoLayers()).fit(await held(), { selection: selection as number })
    expect(await run.catch((error) => error.message)).toContain(message)
  })

  test('in split and setAside too', async () => {
    const data = await held()
    const said = (work: Promise<unknown>) => work.catch((error) => error.message)
    expect(await said(data.split({ selection: 0.5, test: 30 }))).toContain(
      'split: selection: 0.5 and test: 30 of 40 samples',
    )
    expect(await said(data.setAside(0.001))).toContain(
      'setAside: count: 0.001 of 40 samples is less than one sample',
    )
  })
})
