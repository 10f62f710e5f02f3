// Streams of samples.
import { datasets, dense, flatten, network, sgd } from 'hebb'
import { describe, expect, test } from 'vitest'
import { fingerprint, quarters, quartersData } from '../../helpers/recipe'

const { batches, shuffled } = datasets

/** The numbers 0 to count − 1, and how many have been pulled. */
function counted(count: number) {
  const state = { pulled: 0, closed: false }
  async function* numbers() {
    try {
      for (let i = 0; i < count; i++) {
        state.pulled++
        await Promise.resolve()
        yield i
      }
    } finally {
      state.closed = true
    }
  }
  return { state, source: numbers() }
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const list = []
  for await (const item of source) list.push(item)
  return list
}

/** Waits until all pending work is done. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 10))

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('shuffled', () => {
  test('gives every sample once, in another seeded order per epoch', async () => {
    const order = (options: object) => all(shuffled(counted(100).source, { buffer: 100, ...options }))
    const one = await order({ seed: 1 })
    expect(one).not.toEqual(range(0, 100))
    expect(one.toSorted((a, b) => a - b)).toEqual(range(0, 100))
    expect(await order({ seed: 1 })).toEqual(one)
    expect(await order({ seed: 1, buffer: 1000 })).toEqual(one)
    expect(await order({ seed: 2 })).not.toEqual(one)
    expect(await order({ seed: 1, epoch: 1 })).not.toEqual(one)
    expect(await all(shuffled(counted(5).source))).toEqual(range(0, 5))
  })

  test('a smaller buffer shuffles block by block, each block in another order', async () => {
    const list = await all(shuffled(counted(100).source, { buffer: 40, seed: 1 }))
    const blocks = [list.slice(0, 40), list.slice(40, 80), list.slice(80)]
    blocks.forEach((block, i) => {
      expect(block.toSorted((a, b) => a - b)).toEqual(range(40 * i, Math.min(100, 40 * i + 40)))
    })
    expect(blocks[1]!.map((i) => i - 40)).not.toEqual(blocks[0])
  })

  test('the order can be given', async () => {
    const asked: number[] = []
    const order = (count: number) => {
      asked.push(count)
      return Uint32Array.from(range(0, count).reverse())
    }
    expect(await all(shuffled(counted(5).source, { buffer: 3, order }))).toEqual([2, 1, 0, 4, 3])
    expect(asked).toEqual([3, 2])
    for (const wrong of [
      [0, 1],
      [0, 1, 1],
      [1, 2, 3],
    ]) {
      const order = () => Uint32Array.from(wrong)
      await expect(all(shuffled([1, 2, 3], { buffer: 3, order }))).rejects.toMatchObject({ code: 'option' })
    }
  })

  test('pulls no more samples than fit', async () => {
    const { state, source } = counted(1000)
    const run = shuffled(source, { buffer: 10, prefetch: 4 })
    await settle()
    expect(state.pulled).toBe(0)
    await run.next()
    await settle()
    expect(state.pulled).toBe(14)
    for (let i = 1; i < 10; i++) await run.next()
    await settle()
    expect(state.pulled).toBe(14)
    await run.next()
    await settle()
    expect(state.pulled).toBe(24)
    await run.return()
    expect(state.closed).toBe(true)
  })

  test('reads iterables and streams, and closes them if it stops early', async () => {
    expect(await all(shuffled([1, 2, 3]))).toEqual([1, 2, 3])
    expect(await all(shuffled(new Set([1, 2])))).toEqual([1, 2])
    let cancelled = false
    const stream = (end = 3) => {
      let next = 0
      return new ReadableStream<number>({
        pull: (controller) => (next === end ? controller.close() : controller.enqueue(next++)),
        cancel: () => {
          cancelled = true
        },
      })
    }
    expect(await all(shuffled(stream()))).toEqual([0, 1, 2])
    for await (const _ of shuffled(stream(100), { buffer: 2 })) break
    await settle()
    expect(cancelled).toBe(true)

    // As in a browser with streams that are not iterable.
    const bare = (end: number) => {
      const inner = stream(end)
      return { getReader: () => inner.getReader() } as unknown as ReadableStream<number>
    }
    cancelled = false
    expect(await all(shuffled(bare(3)))).toEqual([0, 1, 2])
    for await (const _ of shuffled(bare(100))) break
    await settle()
    expect(cancelled).toBe(true)
    await expect(all(shuffled('text' as never))).rejects.toMatchObject({ code: 'data' })
    await expect(all(shuffled(undefined as never))).rejects.toMatchObject({ code: 'data' })
  })

  test('an error of the source comes after the samples before it', async () => {
    async function* failing() {
      yield 1
      yield 2
      throw new Error('mine')
    }
    const seen: number[] = []
    const run = async () => {
      for await (const item of shuffled(failing(), { prefetch: 10 })) seen.push(item)
    }
    await expect(run()).rejects.toThrow('mine')
    expect(seen).toEqual([1, 2])
  })

  test('a source that never responds can be abandoned', async () => {
    let asked = 0
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          asked++ === 0 ? Promise.resolve({ done: false, value: 1 }) : new Promise<never>(() => {}),
        return: () => new Promise<never>(() => {}),
      }),
    }
    for await (const item of shuffled(source)) {
      expect(item).toBe(1)
      await settle()
      break
    }
    expect(asked).toBe(2)
  })

  test('unknown options are refused', async () => {
    const refused = (options: object, message: string) =>
      expect(all(shuffled([1], options))).rejects.toMatchObject({
        code: 'option',
        message: expect.stringContaining(message),
      })
    await refused({ bufer: 1 }, 'it knows buffer')
    await refused({ buffer: 0 }, 'buffer')
    await refused({ seed: 0.5 }, 'seed')
    await refused({ epoch: -1 }, 'epoch')
    await refused({ prefetch: 0 }, 'prefetch')
    await expect(all(batches([], { shuffleBuffer: 0 }))).rejects.toThrow('shuffleBuffer')
    await expect(all(batches([], { batch_size: 2 } as never))).rejects.toThrow('use "batchSize"')
  })
})

describe('batches', () => {
  test('are typed arrays, the last one shorter', async () => {
    const source = [0, 1, 2].map((i) => ({ x: [i, -i], t: i }))
    expect(await all(batches(source, { batchSize: 2 }))).toEqual([
      { x: { data: Float32Array.of(0, -0, 1, -1), shape: [2, 2] }, t: Uint32Array.of(0, 1) },
      { x: { data: Float32Array.of(2, -2), shape: [1, 2] }, t: Uint32Array.of(2) },
    ])
    const images = [{ x: { data: new Uint8Array(4).fill(9), shape: [1, 2, 2] }, t: [0.5, 1] }]
    expect(await all(batches([...images, ...images]))).toEqual([
      {
        x: { data: new Uint8Array(8).fill(9), shape: [2, 1, 2, 2] },
        t: { data: Float32Array.of(0.5, 1, 0.5, 1), shape: [2, 2] },
      },
    ])
    expect(await all(batches([{ x: Float64Array.of(1, 2) }]))).toEqual([
      { x: { data: Float32Array.of(1, 2), shape: [1, 2] } },
    ])
    expect(await all(batches([]))).toEqual([])
  })

  test('a sample of another form is refused with its number', async () => {
    const refused = (second: unknown, code: string, message: string) =>
      expect(all(batches([{ x: [1], t: 0 }, second as never]))).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      })
    await refused({ x: [1, 2], t: 0 }, 'shape', 'sample 1 of the stream has numbers of shape [2]')
    await refused({ x: [1] }, 'shape', 'no target')
    await refused({ x: [1], t: [0] }, 'shape', '1 target values')
    await refused({ x: Uint8Array.of(1), t: 0 }, 'shape', 'bytes')
    await refused({ x: [1], t: 0.5 }, 'data', 'sample 1 of the stream: t is 0.5')
    await refused({ x: [1], t: -1 }, 'data', 'count from 0')
    await refused({ x: [1], t: 'a' }, 'data', 'class number')
    await refused({ t: 0 }, 'data', '{ x, t }')
    await refused(undefined, 'data', '{ x, t }')
  })

  test('train a network to the same bits as fit from memory', async () => {
    const { x, t } = quarters(100)
    async function* source() {
      for (let i = 0; i < 100; i++) {
        yield { x: { data: x.slice(i * 144, (i + 1) * 144), shape: [1, 12, 12] }, t: t[i]! }
      }
    }
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 })
    const layers = [
      flatten(),
      dense({ units: 9, activation: 'tanh' }),
      dense({ units: 4, activation: 'softmax' }),
    ] as const
    const make = () => network([1, 12, 12], layers, { seed: 2 })
    const [a, b, data] = await Promise.all([make(), make(), quartersData(100)])
    await a.fit(data, { epochs: 2, batchSize: 30, seed: 5, optimizer })
    for (let epoch = 0; epoch < 2; epoch++) {
      const options = { batchSize: 30, shuffleBuffer: 1000, prefetch: 10, seed: 5, epoch }
      for await (const { x, t } of batches(source(), options)) {
        using batch = await datasets.fromArrays(x, t)
        await b.update((await b.gradients(batch)).gradients, optimizer)
      }
    }
    expect(await fingerprint(b)).toBe(await fingerprint(a))
  })
})
