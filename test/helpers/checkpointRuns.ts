// Networks, data and a place for the tests of checkpoints; each test has a folder of its own.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { batchNorm, datasets, dense, dropout, type Network, network } from 'hebb'
import { afterAll, beforeEach } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'hebb-checkpoints-'))
/** The folder of a test. */
export let folder = root
/** The checkpoint in it. */
export let path = ''
let count = 0
beforeEach(() => {
  folder = join(root, `${count++}`)
  mkdirSync(folder)
  path = join(folder, 'run.safetensors')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

export const x = Array.from({ length: 30 }, (_, i) => [((i * i) % 17) / 17, ((i * 5) % 13) / 13, i / 30])
export const t = Array.from({ length: 30 }, (_, i) => i % 3)
export const classes = () => datasets.fromArrays(x, t)
export const samples = x.map((x, i) => ({ x, t: t[i]! }))

export const classifier = () =>
  network(
    [3],
    [
      dense({ units: 8, activation: 'tanh' }),
      batchNorm(),
      dropout({ rate: 0.2 }),
      dense({ units: 3, activation: 'softmax' }),
    ],
    { seed: 1 },
  )
export const regression = () =>
  network([3], [dense({ units: 4, activation: 'tanh' }), dense({ units: 1 })], { seed: 2 })
export const numbers = () =>
  datasets.fromArrays(
    x,
    x.map(([a, b, c]) => [a! * b! - c!]),
  )

export type Data = Parameters<Network['fit']>[0]

/** The options that the runs have in common. */
export const base = { epochs: 4, batchSize: 4, seed: 7 }
