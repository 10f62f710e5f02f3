// The progress of a training on stderr.
import { datasets, dense, type EpochReport, type FitOptions, network } from 'hebb'
import { afterEach, describe, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
})

const terminal = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')

/** What a training writes, on a terminal or elsewhere. */
async function written(isTTY: boolean, options: FitOptions, stream = false): Promise<string[]> {
  const texts: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    texts.push(String(text))
    return true
  })
  Object.defineProperty(process.stderr, 'isTTY', { value: isTTY, configurable: true })
  try {
    const net = await network([1], [dense({ units: 2, activation: 'softmax' })], { seed: 1 })
    const x = Array.from({ length: 40 }, (_, i) => [i / 40])
    const t = x.map(([x]) => Number(x! > 0.5))
    const data = await datasets.fromArrays(x, t)
    const source = () => x.map((x, i) => ({ x, t: t[i]! }))
    const run = net.fit(stream ? source : data, { progress: true, batchSize: 4, ...options } as never)
    // Each step is reported separately.
    for (let step = 0; step < 10; step++) await run.step()
    run.resume()
    await run
    return texts
  } finally {
    if (terminal) Object.defineProperty(process.stderr, 'isTTY', terminal)
    else delete (process.stderr as { isTTY?: boolean }).isTTY
    vi.restoreAllMocks()
  }
}

/** How far a bar is filled, and its length; undefined without a bar. */
function bar(text: string) {
  const cells = /[█░]+/.exec(text)?.[0]
  return cells && [cells.replaceAll('░', '').length, cells.length]
}

describe('without a terminal', () => {
  test('is one line per epoch', async () => {
    const texts = await written(false, { epochs: 3 })
    expect(texts).toHaveLength(3)
    for (const [i, text] of texts.entries()) {
      expect(text).toMatch(new RegExp(`^epoch ${i + 1}/3 .*\\d\\.\\d{4}.* \\d+\\.\\d\\d %.*\\n$`))
      for (const none of ['selection', '\x1b', '\r']) expect(text).not.toContain(none)
    }
  })

  test('has the selection loss, if there is one', async () => {
    const reports: EpochReport[] = []
    const onEpochEnd = (report: EpochReport) => void reports.push(report)
    const texts = await written(false, { epochs: 2, selection: 0.5, onEpochEnd })
    expect(reports.some(({ selectionAccuracy }) => selectionAccuracy! > 0)).toBe(true)
    for (const [i, { selectionLoss, selectionAccuracy }] of reports.entries()) {
      const percent = `${(100 * selectionAccuracy!).toFixed(2)} %`
      expect(texts[i]).toContain(`selection loss ${selectionLoss!.toFixed(4)}`)
      expect(texts[i]!.split('selection')[1]).toContain(percent)
    }
  })
})

describe('on a terminal', () => {
  test('is a bar that is full at the end of an epoch', async () => {
    const texts = await written(true, { epochs: 2 })
    expect(texts.filter((text) => text.endsWith('\n'))).toHaveLength(2)
    for (const text of texts) expect(text.startsWith('\r\x1b[2K')).toBe(true)
    const bars = texts.filter((text) => bar(text))
    const ends = bars.filter((text) => / 10\/10 /.test(text))
    expect(ends.map(bar)).toEqual([
      [24, 24],
      [24, 24],
    ])
    // After the first epoch the remaining time equals the elapsed time, after the second it is zero.
    expect(ends[1]).toMatch(/ 0 s left/)
    expect(bars.length).toBeGreaterThan(10)
    for (const text of bars) {
      const [, done] = / (\d+)\/10 /.exec(text)!
      expect(bar(text)).toEqual([Math.round(2.4 * Number(done)), 24])
    }
  })

  test('has no bar in the first epoch of a stream of unknown length', async () => {
    const texts = await written(true, { epochs: 2 }, true)
    const first = texts.filter((text) => text.includes('epoch 1/2'))
    expect(first.length).toBeGreaterThan(1)
    for (const text of first) {
      expect(bar(text)).toBeUndefined()
      expect(text).not.toContain('left')
    }
    const second = texts.filter((text) => text.includes('epoch 2/2') && !text.endsWith('\n'))
    expect(second.map(bar).at(-1)).toEqual([24, 24])
  })
})

test('is off by default', async () => {
  expect(await written(true, { progress: false })).toEqual([])
})
