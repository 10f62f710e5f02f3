import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  adam,
  bfgs,
  datasets,
  dense,
  type FitOptions,
  init,
  type Network,
  network,
  schedule,
  sgd,
} from 'hebb'
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

describe('what cannot be resumed is refused', () => {
  const options = { ...base, selection: 0.2, optimizer: adam({ learningRate: 0.01 }) }
  const saved = async (more: FitOptions = {}) => {
    await (await classifier()).fit(await classes(), { ...options, ...more, checkpoint: { path } })
  }
  const refused = async (more: FitOptions, code: string, message: string, net?: Network, data?: Data) => {
    const own = net ?? (await classifier())
    const before = await own.weights()
    const run = own.fit(data ?? (await classes()), { ...options, resume: path, ...more })
    await expect(run).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    expect(await own.weights()).toEqual(before)
    // It can be trained.
    await own.fit(await classes(), { batchSize: 5 })
  }

  test('another run: the error names what differs', async () => {
    await saved()
    await refused({ batchSize: 5 }, 'option', 'batchSize is 5, in the checkpoint')
    await refused({ seed: 1 }, 'option', 'seed is 1')
    await refused({ shuffle: false }, 'option', 'shuffle is false')
    await refused({ accumulate: 2 }, 'option', 'accumulate is 2')
    await refused({ optimizer: sgd() }, 'option', 'optimizer is {"type":"sgd"')
    await refused({ optimizer: adam({ learningRate: 0.02 }) }, 'option', 'optimizer is')
    await refused({ regularization: { l2: 0.1 } }, 'option', 'loss is')
    await refused({ selection: 0.3 }, 'option', 'the number of samples is 21')
    await refused({ patience: 3 }, 'option', 'whether there is patience is true')
    await refused({ until: { gradientNorm: 1 } }, 'option', 'until.gradientNorm')
    await refused({ epochs: 3 }, 'option', 'epochs is 3')
    const fewer = await datasets.fromArrays(x.slice(1), t.slice(1))
    await refused({}, 'option', 'the number of samples', undefined, fewer)
    await refused({ selection: await classes() }, 'option', 'samples is nothing', undefined, () => samples)
    const wider = await network([3], [dense({ units: 3, activation: 'softmax' })], { seed: 1 })
    await refused({}, 'option', 'network.layers is', wider as never)
  })

  test('more epochs, if the schedule runs over all of them', async () => {
    const optimizer = adam({ learningRate: schedule.cosine({ from: 0.1 }) })
    await saved({ optimizer })
    await refused({ optimizer, epochs: 5 }, 'option', 'epochs, which the schedule')
  })

  test('wrong options', async () => {
    await saved()
    await refused({ resume: 3 as never }, 'option', 'resume must be true or the path')
    await refused({ resume: '' }, 'option', 'resume must be true or the path')
    await refused({ resume: true }, 'option', 'give checkpoint: { path }')
    await refused({ resume: true, checkpoint: path }, 'option', 'give checkpoint: { path }')
    const wrong = (checkpoint: unknown, message: string) =>
      refused({ resume: false, checkpoint: checkpoint as never }, 'option', message)
    await wrong({}, 'path must be the path of a file, got undefined')
    await wrong({ path: '' }, 'path must be')
    await wrong({ path, keep: -1 }, 'keep must be')
    await wrong({ path, every: 3 }, 'every takes an object')
    await wrong({ path, every: {} }, 'every must be { epochs } or { batches }')
    await wrong({ path, every: { epochs: 1, batches: 1 } }, 'every must be')
    await wrong({ path, every: { batches: 0 } }, 'batches must be a whole number')
    await wrong({ path, everyEpochs: 1 }, 'no option "everyEpochs"')
    await wrong(null, 'checkpoint must be')
    const net = await regression()
    const checkpoint = { path, every: { batches: 1 } }
    await expect(net.fit(await numbers(), { optimizer: bfgs(), checkpoint })).rejects.toThrow(
      'an epoch of bfgs is one step',
    )
  })

  test('no checkpoint, a plain model, another version, another artifact', async () => {
    await refused({ resume: join(folder, 'none') }, 'file', 'there is no checkpoint')
    const net = await classifier()
    await net.save(path)
    await refused({}, 'file', 'is no checkpoint of a training')
    writeFileSync(path, 'x')
    await refused({}, 'file', 'is no checkpoint of a training')
    await refused({ resume: folder }, 'file', 'could not be read')
    await saved()
    const { simd } = await init()
    // JSON within JSON, and the file of that length.
    const forgeries = [
      ['version\\":1', 'version\\":2', 'file', 'of another version of Hebb'],
      [`"${simd}\\"`, '"another\\"', 'option', 'init({ simd }) is'],
    ] as const
    for (const [was, becomes, code, message] of forgeries) {
      const bytes = readFileSync(path)
      const at = bytes.indexOf(was)
      const forged = Buffer.from(bytes)
      forged.write(becomes, at)
      const digits = bytes.indexOf('"hebb.sha256":"') + 15
      forged.fill('0', digits, digits + 64)
      forged.write(createHash('sha256').update(forged).digest('hex'), digits)
      writeFileSync(join(folder, 'forged'), forged)
      await refused({ resume: join(folder, 'forged') }, code, message)
    }
  })

  test('a flipped bit anywhere', async () => {
    await saved()
    const bytes = readFileSync(path)
    const header = 8 + Number(bytes.readBigUInt64LE(0))
    // The length, the checksum, the whole metadata, the ends of the header, and some of each tensor.
    const metadata = bytes.indexOf('}"},')
    const places = new Set([
      0,
      5,
      7,
      8,
      30,
      39,
      40,
      102,
      103,
      104,
      metadata,
      header - 1,
      header,
      bytes.length - 1,
    ])
    for (let place = 104; place < bytes.length; place += 97) places.add(place)
    const net = await classifier()
    const data = await classes()
    for (const place of places) {
      const damaged = Buffer.from(bytes)
      damaged[place]! ^= 1 << (place % 8)
      writeFileSync(path, damaged)
      const run = net.fit(data, { ...options, resume: path })
      await expect(run, `byte ${place}`).rejects.toMatchObject({
        code: 'file',
        message: expect.stringMatching(/damaged/),
      })
    }
    writeFileSync(path, bytes.subarray(0, -1))
    await refused({}, 'file', 'damaged')
  })
})
