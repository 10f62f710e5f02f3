// Invalid values, and the outcome of a call with each of them: it succeeds if `accepted.ts` says so, and otherwise fails with
// a code and a reason. After each call the engine must be unchanged.
import { dense, HebbError, network } from 'hebb'
import { expect } from 'vitest'
import { ACCEPTED, GROUPS } from './accepted'

const cyclic: unknown[] = []
cyclic.push(cyclic)
let deep: unknown = 1
for (let i = 0; i < 10_000; i++) deep = [deep]
const round: Record<string, unknown> = {}
round.self = round
const detached = new Float32Array(4)
structuredClone(detached, { transfer: [detached.buffer] })
const gone = new Uint8Array(4)
structuredClone(gone, { transfer: [gone.buffer] })

/** The values to pass as arguments and options, by the names used in `accepted.ts`. */
export const HOSTILE: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  NaN: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-0': -0,
  '-1': -1,
  '0': 0,
  '0.5': 0.5,
  '1e308': 1e308,
  '5e-324': 5e-324,
  '2^31': 2 ** 31,
  '2^32': 2 ** 32,
  '2^53': 2 ** 53,
  "''": '',
  "'constructor'": 'constructor',
  "'__proto__'": '__proto__',
  "'x…'": 'x'.repeat(100_000),
  true: true,
  false: false,
  '()=>{}': () => {},
  '()=>throw': () => {
    throw new RangeError('from the caller')
  },
  symbol: Symbol('s'),
  '10n': 10n,
  date: new Date(0),
  regex: /x/,
  '[]': [],
  '[[]]': [[]],
  '[[],[1]]': [[], [1]],
  '[1,[2]]': [1, [2]],
  '[null]': [null],
  '[undefined]': [undefined],
  '[NaN]': [Number.NaN],
  '[-1]': [-1],
  '[1.5]': [1.5],
  '[1e12]': [1e12],
  '[1n]': [1n],
  'holes[5]': new Array(5),
  "['input']": ['input'],
  'cyclic[]': cyclic,
  'deep[]': deep,
  '{}': {},
  '{length:3}': { length: 3 },
  '{length:1e9}': { length: 1e9 },
  '{sgd}': { type: 'sgd', learningRate: {} },
  '{dense}': { type: 'dense', units: -1 },
  '{cosine}': { type: 'cosine', from: Number.NaN, to: 0, warmup: 0 },
  '{elementwise}': { elementwise: [['x'], ['plus', 0, 7]] },
  '{f32[3],2×2}': { data: new Float32Array(3), shape: [2, 2] },
  '{f32[4],2×-2}': { data: new Float32Array(4), shape: [2, -2] },
  '{f32[0],0}': { data: new Float32Array(0), shape: [0] },
  '{f64[NaN,1],1×2}': { data: new Float64Array([Number.NaN, 1]), shape: [1, 2] },
  '{[1,2],1×2}': { data: [1, 2], shape: [1, 2] },
  '{i64,1×2}': { data: new BigInt64Array(2), shape: [1, 2] },
  '{view,1×2}': { data: new DataView(new ArrayBuffer(8)), shape: [1, 2] },
  '{detached,2×2}': { data: detached, shape: [2, 2] },
  '{pixels:1×1e9}': { data: new Uint8ClampedArray(4), width: 1, height: 1e9 },
  '{pixels:short}': { data: new Uint8ClampedArray(3), width: 1, height: 1 },
  'f32[0]': new Float32Array(0),
  'u8[3]': new Uint8Array([1, 2, 3]),
  'shared_f32[2]': new Float32Array(new SharedArrayBuffer(8)),
  'i64[2]': new BigInt64Array(2),
  dataview: new DataView(new ArrayBuffer(8)),
  detached: detached,
  detached_u8: gone,
  map: new Map(),
  proxy: new Proxy({}, {}),
  '{}null': Object.create(null),
  round: round,
}

/** A call that takes this long hangs: shorter than the test's timeout, which would not name the call. */
const LIMIT_MS = 50_000

/** The error that some of the values throw. */
const theirs = (error: unknown) => error instanceof RangeError && error.message === 'from the caller'

/** `accepted`, the code of the error, or another outcome of a call. */
export async function outcome(call: () => unknown): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it hangs'), LIMIT_MS)
  })
  const done = (async () => {
    try {
      const value = await call()
      if (value && typeof (value as Disposable)[Symbol.dispose] === 'function')
        (value as Disposable)[Symbol.dispose]()
      return 'accepted'
    } catch (error) {
      if (theirs(error)) return 'theirs'
      if (!(error instanceof HebbError)) return String((error as Error)?.stack ?? error)
      if (['engine', 'engineLost'].includes(error.code)) return `${error.code}: ${error.message}`
      return error.message.length > 5 ? error.code : `says only "${error.message}"`
    }
  })()
  const result = await Promise.race([done, late])
  clearTimeout(timer)
  return result
}

const CODES = ['option', 'shape', 'data', 'file', 'memory', 'disposed', 'theirs']

/** The names of the values that an argument accepts. */
function accepted(place: string): string[] {
  const words = (ACCEPTED[place] ?? '').split(' ').filter(Boolean)
  return words.flatMap((word) => GROUPS[word]?.split(' ') ?? word)
}

const canary = await network([3], [dense({ units: 4, activation: 'tanh' }), dense({ units: 2 })], { seed: 1 })
const song = (await canary.predict([1, 2, 3])).toArray()

/** Asserts that the engine computes as before. */
export async function sings(): Promise<void> {
  expect((await canary.predict([1, 2, 3])).toArray()).toEqual(song)
}

/** Calls with every hostile value; `place` is a key of `accepted.ts`. */
export async function torment(place: string, call: (value: never) => unknown): Promise<void> {
  const wrong: Record<string, string> = {}
  const may = accepted(place)
  const taken: string[] = []
  for (const [name, value] of Object.entries(HOSTILE)) {
    const result = await outcome(() => call(value as never))
    // A training that diverges has accepted the value.
    if (result === 'accepted' || result === 'diverged') taken.push(name)
    else if (!CODES.includes(result)) wrong[name] = result
  }
  const none: string[] = []
  expect({
    place,
    wrong,
    accepted: taken.filter((name) => !may.includes(name)),
    refused: may.filter((name) => !taken.includes(name)),
  }).toEqual({ place, wrong: {}, accepted: none, refused: none })
  await sings()
}
