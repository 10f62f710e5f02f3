// What figures show, as SVG and as characters.
import { continuousHopfield, datasets, dense, HebbError, hopfield, network } from 'hebb'
import {
  chart,
  confusionMatrix,
  curves,
  decisionBoundary,
  energyTrace,
  type Figure,
  lossSurface,
  pictures,
  stateMatrix,
} from 'hebb/plot'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'

const plain = (figure: Figure, size = {}) => figure.toText({ colour: false, ...size })

/** Why a call is refused. */
async function message(call: () => unknown): Promise<string> {
  try {
    await call()
  } catch (error) {
    expect(error).toBeInstanceOf(HebbError)
    return (error as Error).message
  }
  return 'not refused'
}

/** The texts and paths of a figure, which is parsed anew from its file. */
async function parsed(figure: Figure) {
  const svg = await figure.toSvg()
  const { document } = parseHTML(svg)
  const all = (selector: string) => [...document.querySelectorAll(selector)] as unknown as SVGElement[]
  return { svg, all, texts: all('text').map(({ textContent }) => textContent) }
}

describe('chart', () => {
  const line = {
    points: [
      [1, 1],
      [10, 0.1],
      [100, 0.01],
    ] as const,
    name: 'a & b',
    line: true,
  }

  test('is a file on its own, the same each time, for light and dark pages', async () => {
    const figure = chart([line], { log: true, logX: true, title: 'T <1>', xLabel: 'epoch', yLabel: 'loss' })
    const { svg, texts, all } = await parsed(figure)
    expect(svg).toBe(await figure.toSvg())
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /)
    expect(svg).toContain('<title>T &lt;1&gt;</title>')
    expect(svg).toContain('@media(prefers-color-scheme:dark)')
    for (const text of ['T <1>', 'a & b', 'epoch →', '↑ loss', '0.1', '100']) expect(texts).toContain(text)
    // A power law is a straight line on logarithmic axes.
    const path = all('[aria-label="line"] path')[0]!.getAttribute('d')!
    const [[x0, y0], [x1, y1], [x2, y2]] = path
      .slice(1)
      .split('L')
      .map((pair) => pair.split(',').map(Number)) as [number, number][]
    expect(x1).toBeCloseTo((x0! + x2!) / 2, 1)
    expect(y1).toBeCloseTo((y0! + y2!) / 2, 1)
    expect(y2).toBeGreaterThan(y0!)
  })

  test('two files in one page share no names', async () => {
    const names = async (points: [number, number][]) =>
      new Set((await chart([{ points, line: true }]).toSvg()).match(/id="clip[^"]*/g))
    const [a, b] = [
      await names([
        [0, 0],
        [1, 1],
      ]),
      await names([
        [0, 0],
        [1, 2],
      ]),
    ]
    expect([a.size, b.size, new Set([...a, ...b]).size]).toEqual([1, 1, 2])
  })

  test('points without a place on a logarithmic axis are left out', async () => {
    const { all } = await parsed(
      chart(
        [
          {
            points: [
              [1, 0],
              [2, 1],
              [3, 10],
              [4, -1],
            ],
          },
        ],
        { log: true },
      ),
    )
    expect(all('[aria-label="dot"] circle')).toHaveLength(2)
  })

  test('in a terminal curves over each other take turns, and a single point is seen', async () => {
    const points = [
      [0, 0],
      [9, 0],
    ] as [number, number][]
    const flat = (mark: string) => ({ points, mark, line: true })
    const figure = chart([flat('a'), flat('b'), flat('c'), { points: [[5, 0]], mark: '#' }], { y: [0, 1] })
    const rows = plain(figure, { columns: 10, rows: 4 }).split('\n')
    expect(rows[3]).toBe('        0 │abcab#abca')
    expect(rows.slice(0, 3).every((row) => !/[abc#]/.test(row))).toBe(true)
  })

  test('a line joins its points in a terminal, also from outside of the frame', async () => {
    const rows = plain(
      chart(
        [
          {
            points: [
              [-10, -10],
              [10, 10],
            ],
            line: true,
          },
        ],
        { x: [0, 3], y: [0, 3] },
      ),
      {
        columns: 10,
        rows: 4,
      },
    )
    expect(rows.match(/\*/g)!.length).toBeGreaterThanOrEqual(10)
  })

  test('colours are for terminals', async () => {
    const figure = chart([
      {
        points: [
          [0, 0],
          [1, 1],
        ],
        name: 'one',
      },
    ])
    expect(figure.toText({ colour: true })).toContain('\x1b[94m*\x1b[39m one')
    expect(plain(figure)).not.toContain('\x1b')
  })

  test('needs sensible options', async () => {
    const points = [
      [0, 1],
      [1, 2],
    ] as const
    expect(await message(() => chart([{ points }], { titel: 'x' } as never))).toContain('titel')
    expect(await message(() => chart([{ points }], { x: [1, 0] }))).toContain('low below high')
    expect(await message(() => chart([{ points }], { y: [0, 1], log: true }))).toContain('above 0')
    expect(await message(() => chart('points' as never))).toContain('a list')
    expect(await message(() => chart([{ points: [[1]] }] as never))).toContain('pairs of numbers')
    expect(await message(() => chart([{ points }], { width: 1 }))).toContain('at least 100')
    expect(await message(() => chart([{ points }]).toText({ rows: 1 }))).toContain('rows')
  })

  test.each([[[]], [[[1, Number.NaN]]], [[[2, 3]]]] as [number, number][][][])(
    'has axes for %j',
    async (points) => {
      expect((await parsed(chart([{ points }]))).texts.length).toBeGreaterThan(4)
      expect(plain(chart([{ points, line: true }]))).not.toContain('NaN')
    },
  )
})

describe('curves', () => {
  const epochs = [3, 2, 1].map((loss, i) => ({ epoch: i + 1, loss, selectionLoss: loss + [0, -1, 1][i]! }))

  test('of a training, with the best epoch', async () => {
    const x = Array.from({ length: 40 }, (_, i) => [i / 40])
    const data = await datasets.fromArrays(
      x,
      x.map(([a]) => [2 * a!]),
    )
    const net = await network([1], [dense({ units: 1 })], { seed: 1 })
    const { train, selection } = await data.split({ selection: 0.25, seed: 1 })
    const history = await net.fit(train, { epochs: 5, selection })
    const { texts } = await parsed(curves(history, { log: true }))
    for (const text of ['training samples', 'selection samples', `best: epoch ${history.bestEpoch}`, 'loss'])
      expect(texts).toContain(text)
    expect(await message(() => curves(history, { metric: 'accuracy' }))).toContain('no epoch has accuracy')
    expect(plain(curves(history, { metric: 'learningRate' }))).toContain('learningRate')
  })

  test('of reports, while a network is trained', async () => {
    const text = plain(curves(epochs.slice(0, 2) as never), { columns: 10, rows: 4 })
    expect(text).toContain('o selection samples')
    expect(plain(curves(epochs.slice(0, 1) as never))).toContain('* training samples')
    expect(await message(() => curves({} as never))).toContain('history')
    expect(await message(() => curves(epochs as never, { metric: 'lost' as never }))).toContain('one of loss')
  })
})

describe('confusionMatrix', () => {
  test('shows counts, right ones in another colour', async () => {
    const figure = confusionMatrix(
      [
        [8, 2],
        [0, 5],
      ],
      { classes: ['cat', 'dog'], title: 'pets' },
    )
    const { texts, all } = await parsed(figure)
    for (const text of ['8', '2', '5', 'cat', 'dog', 'pets', 'answer', 'target'])
      expect(texts).toContain(text)
    expect(texts).not.toContain('0')
    expect(all('[aria-label="cell"]').map((cells) => cells.querySelectorAll('rect').length)).toEqual([2, 1])
    expect(plain(figure)).toBe('pets\ntarget ↓, answer →\n     cat  dog\ncat    8    2\ndog    0    5')
  })

  test('takes a square of counts', async () => {
    for (const wrong of [
      [],
      [[1, 2]],
      [
        [1, -1],
        [0, 0],
      ],
      [[1], [Number.NaN]],
      'no',
    ])
      expect(await message(() => confusionMatrix(wrong as never))).toContain('square')
    expect(await message(() => confusionMatrix([[1]], { classes: ['a', 'b'] }))).toContain('1 names')
  })
})

describe('decisionBoundary', () => {
  const corners = {
    zero: [
      [0, 0],
      [0, 1],
    ],
    one: [
      [1, 0],
      [1, 1],
    ],
  } as const

  test('lies where the answer is the threshold', async () => {
    // Of class 1 from 0.25 on, a quarter of the width from the left.
    const options = { x: [0, 1], y: [0, 1], threshold: 0.25 } as const
    const text = plain(await decisionBoundary((points) => points.map(([x]) => x!), options), { columns: 100 })
    const row = text.split('\n').find((line) => line.includes('│0'))!
    expect(row.match(/0/g)!.length).toBeGreaterThan(22)
    expect(row.match(/0/g)!.length).toBeLessThan(28)
    expect(row).toMatch(/│0+1+$/)
  })

  test('of a network with classes, with its samples', async () => {
    const net = await network([2], [dense({ units: 2, activation: 'softmax' })])
    await net.setWeights({
      'dense1.weight': { data: Float32Array.of(-9, 0, 9, 0), shape: [2, 2] },
      'dense1.bias': { data: Float32Array.of(4.5, -4.5), shape: [2] },
    })
    const figure = await decisionBoundary(net, { samples: corners, resolution: 20 })
    const { texts, all } = await parsed(figure)
    expect(texts).toEqual(expect.arrayContaining(['zero', 'one']))
    expect(all('[aria-label="contour"]')).toHaveLength(2)
    expect(plain(figure)).toMatch(/│0+1+$/m)
  })

  test('needs two features, and an answer for each point', async () => {
    const net = await network([3], [dense({ units: 2 })])
    expect(await message(() => decisionBoundary(net, { samples: corners }))).toContain('two features')
    expect(await message(() => decisionBoundary(() => [1], { samples: corners }))).toContain(
      'an answer for each',
    )
    expect(await message(() => decisionBoundary(3 as never))).toContain('takes a network')
  })
})

test('lossSurface: contours of a bowl around its minimum, and the descent into it', async () => {
  const path = [
    [-2, 2],
    [-1, 1],
    [0, 0],
  ] as const
  const bowl = async (x: number, y: number) => x * x + y * y
  const figure = await lossSurface(bowl, { x: [-3, 3], y: [-3, 3], path, title: 'bowl', resolution: 31 })
  const { all, texts } = await parsed(figure)
  expect(texts).toEqual(expect.arrayContaining(['bowl', 'descent', 'end']))
  expect(all('[aria-label="contour"] path').length).toBe(11)
  const rows = plain(figure, { columns: 21, rows: 11 })
    .split('\n')
    .filter((row) => row.includes('│'))
  expect(rows.map((row) => row.split('│')[1])[5]![10]).toBe('X')
  expect(rows[0]!.split('│')[1]).toMatch(/^@.*@$/)
  expect(await message(() => lossSurface(() => Number.NaN, { x: [0, 1], y: [0, 1] }))).toContain('finite')
  expect(await message(() => lossSurface(bowl, { x: [1, 0], y: [0, 1] }))).toContain('low below high')
  expect(await message(() => lossSurface(bowl, undefined as never))).toContain('low below high')
})

describe('pictures', () => {
  test('numbers by their sign and size, pixels in their colours', async () => {
    const signed = await parsed(pictures([{ data: [1, -1, 0, 0.1], width: 2 }], { title: 'signs' }))
    expect(signed.texts).toEqual(['signs'])
    expect(signed.all('path').map((path) => [path.getAttribute('stroke'), path.getAttribute('d')])).toEqual([
      ['#d55e00', 'M0 0.5h1'],
      ['#0072b2', 'M1 0.5h1'],
      ['#d55e00', 'M1 1.5h1'],
    ])
    const data = Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 255)
    const { all } = await parsed(pictures([{ data, width: 2, height: 1 }]))
    expect(all('path').map((path) => path.getAttribute('stroke'))).toEqual(['#f00', '#00f'])
  })

  test('in a terminal', async () => {
    const image = { data: [1, -1, 1, -1], width: 2 }
    expect(plain(pictures([image, image]))).toBe('▓= ▓=')
    expect(plain(pictures([image, image], { columns: 1, title: 'two' }))).toBe('two\n▓=\n\n▓=')
  })

  test('need whole rows', async () => {
    expect(await message(() => pictures([{ data: [1, 2, 3], width: 2 }]))).toContain('no rows of 2')
    expect(await message(() => pictures([]))).toContain('a list')
    expect(await message(() => pictures([null] as never))).toContain('width')
  })
})

describe('energyTrace', () => {
  test('of a recall falls', async () => {
    const stored = Array.from({ length: 16 }, (_, i) => (i % 3 ? 1 : -1))
    const memory = await hopfield({ units: 16 }).store([stored])
    const [found] = await memory.recall([stored.map((s, i) => (i < 4 ? -s : s))], { trace: true })
    const { all } = await parsed(energyTrace(found!.trace))
    expect(all('[aria-label="line"] path')).toHaveLength(1)
    expect(await message(() => energyTrace([]))).toContain('recall(cue, { trace: true })')
    expect(await message(() => energyTrace({} as never))).toContain('trace')
  })

  test('of a continuous network has its three terms', async () => {
    const { trace } = await continuousHopfield({
      weights: [
        [0, 1],
        [1, 0],
      ],
    }).run({ seed: 1 })
    const { texts, all } = await parsed(energyTrace(trace))
    expect(all('[aria-label="line"]')).toHaveLength(4)
    expect(texts).toEqual(expect.arrayContaining(['energy', 'weights', 'integral', 'input', 'time →']))
  })
})

test('stateMatrix: a column for each time step, a row for each unit', async () => {
  const states = { data: [1, -1, 0, 0.4, -0.4, 1], shape: [3, 2] }
  const figure = stateMatrix(states, { title: 'h(t)', steps: ['a', 'b', 'c'] })
  expect(plain(figure)).toBe('h(t)\n   0 │▓ -\n   1 │=▒▓\n     │abc')
  const { texts } = await parsed(figure)
  expect(texts).toEqual(expect.arrayContaining(['h(t)', 'a', 'b', 'c', '↓ unit', 'time step →']))
  expect(await message(() => stateMatrix({ data: [1], shape: [1] }))).toContain('[T, units]')
  expect(await message(() => stateMatrix(states, { steps: ['a'] }))).toContain('3 labels')
})
