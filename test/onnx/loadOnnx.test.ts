// Networks of ONNX files: ONNX's own cases, PyTorch's exporters, and what is refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, network, sgd } from 'hebb'
import { loadOnnx } from 'hebb/onnx'
import { afterAll, describe, expect, test } from 'vitest'
import { runCase } from '../helpers/onnxCase.mjs'
import { floats, model, node, tensor, value } from '../helpers/onnxModel'
import { type Given, pytorchCase } from '../helpers/pytorchCase.mjs'
import { refused } from '../helpers/refused'
import { root } from '../helpers/root'

const fixture = (name: string) =>
  JSON.parse(readFileSync(join(root, 'test', 'fixtures', 'onnx', name), 'utf8'))
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const folder = mkdtempSync(join(tmpdir(), 'hebb-onnx-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('cases of ONNX', () => {
  const cases: { name: string; model: string; inputs: string[]; outputs: string[] }[] = fixture('cases.json')
  test.each(cases)('$name', async ({ model, inputs, outputs }) => {
    const one = { model: bytes(model), inputs: inputs.map(bytes), outputs: outputs.map(bytes) }
    expect(await runCase(one)).toEqual({ passes: true })
  })
})

describe('exported from PyTorch', () => {
  const cases: { name: string; batch: number; model: string; x: Given; y: Given }[] = fixture('pytorch.json')
  test.each(cases)('$name', async ({ model, ...values }) => {
    const { net, input, output, difference } = await pytorchCase({ model: bytes(model), ...values })
    expect(difference).toBeLessThan(1e-5)
    // Another size of the batch, whatever the exporter saw.
    const [samples, ...sample] = input.shape as [number, ...number[]]
    const data = Float32Array.from(input.data.slice(0, input.data.length / samples))
    const one = await net.predict({ data, shape: [1, ...sample] })
    expect(Array.from(one.data)).toEqual(Array.from(output.data.subarray(0, output.data.length / samples)))
    net.dispose()
  })

  test('layers have the names of their weights, and activations are theirs', async () => {
    const [lenet] = cases
    const net = await loadOnnx(bytes(lenet!.model))
    expect(net.spec.layers.map(({ name, type }) => [name, type])).toEqual([
      ['conv1', 'conv2d'],
      ['maxPool1', 'maxPool2d'],
      ['conv2', 'conv2d'],
      ['maxPool2', 'maxPool2d'],
      ['flatten1', 'flatten'],
      ['fc1', 'dense'],
      ['fc2', 'dense'],
    ])
    expect(net.outputs[0]!.activation).toBe('softmax')
    net.dispose()
  })

  test.each(['old', 'dynamo'])('weights that are used twice are one, %s', async (way) => {
    const { model } = cases.find(({ name }) => name.startsWith(`twice, ${way}`))!
    const net = await loadOnnx(bytes(model))
    expect(net.parameters).toBe(5 * 5 + 5)
    net.dispose()
  })
})

/** y = relu(x · W), of [N, 2]. */
const W = tensor('W', [2, 2], 1, floats(1, 2, 3, 4))
const small = (graph: Parameters<typeof model>[0], opset?: number) =>
  model([value(11, 'x', ['N', 2]), value(12, 'y', ['N', 2]), ...graph], opset)
const product = [node('MatMul', ['x', 'W'], ['p']), node('Relu', ['p'], ['y'])]

test('weights of every type, in the file and in another one', async () => {
  const half = new Uint8Array(Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400).buffer)
  const brain = new Uint8Array(Uint16Array.of(0x3f80, 0x4000, 0x4040, 0x4080).buffer)
  const places = ['location', 'W.bin', 'offset', '4', 'length', '16']
  const entries = [0, 2, 4].map((at): [number, [number, string][]] => [
    13,
    [
      [1, places[at]!],
      [2, places[at + 1]!],
    ],
  ])
  const given = {
    raw: W,
    floats: tensor('W', [2, 2], 1, [[4, floats(1, 2, 3, 4)]]),
    double: tensor('W', [2, 2], 11, new Uint8Array(Float64Array.of(1, 2, 3, 4).buffer)),
    half: tensor('W', [2, 2], 10, half),
    'half as integers': tensor(
      'W',
      [2, 2],
      10,
      [0x3c00, 0x4000, 0x4200, 0x4400].map((n) => [5, n]),
    ),
    bfloat16: tensor('W', [2, 2], 16, brain),
    integers: tensor(
      'W',
      [2, 2],
      7,
      [1, 2, 3, 4].map((n) => [7, n]),
    ),
    external: tensor('W', [2, 2], 1, [...entries, [14, 1]]),
  }
  const path = join(folder, 'model.onnx')
  writeFileSync(join(folder, 'W.bin'), floats(9, 1, 2, 3, 4))
  for (const [name, weights] of Object.entries(given)) {
    writeFileSync(path, small([...product, weights]))
    const net = await loadOnnx(path)
    expect([name, ...(await net.predict([[1, -1]])).data]).toEqual([name, 0, 0])
    expect([name, ...(await net.predict([[-1, 1]])).data]).toEqual([name, 2, 2])
    net.dispose()
  }
  const file = small([...product, given.external])
  const net = await loadOnnx(file, { external: (name) => join(folder, name) })
  expect(Array.from((await net.predict([[-1, 1]])).data)).toEqual([2, 2])
  net.dispose()
  await refused('option', 'the model has weights in "W.bin": give external', () => loadOnnx(file))
  const outside = tensor('W', [2, 2], 1, [
    [
      13,
      [
        [1, 'location'],
        [2, '../W.bin'],
      ],
    ],
    [14, 1],
  ])
  const beyond = tensor('W', [2, 2], 1, [
    [
      13,
      [
        [1, 'location'],
        [2, 'W.bin'],
      ],
    ],
    [14, 1],
  ])
  await refused('file', 'which is not beside the model', () => loadOnnx(small([...product, outside])))
  writeFileSync(path, small([...product, beyond]))
  await refused('file', 'tensor "W" of shape [2,2] has 5 values', () => loadOnnx(path))
})

test('a loaded network trains, and is saved', async () => {
  const own = [tensor('W', [2, 1], 1, floats(0.1, 0.2)), node('MatMul', ['x', 'W'], ['y'])]
  const net = await loadOnnx(model([value(11, 'x', ['N', 2]), value(12, 'y', ['N', 1]), ...own]))
  const same = await network([2], [dense({ units: 1, bias: false, name: 'same' })])
  await same.setWeights({ 'same.weight': { data: Float32Array.of(0.1, 0.2), shape: [1, 2] } })
  const results = []
  for (const one of [net, same]) {
    const { gradients } = await one.gradients([[1, 2]], [[3]])
    await one.update(gradients, sgd({ learningRate: 0.1 }))
    results.push(Array.from((await one.predict([[1, 1]])).data))
    one.dispose()
  }
  expect(results[0]).toEqual(results[1])
})

test('all that has no counterpart is named in one error', async () => {
  const graph = [
    node('ConvTranspose', ['x', 'W'], ['a']),
    node('Loop', ['x'], ['b']),
    node('Loop', ['x'], ['c']),
    node('Fast', ['x'], ['d'], {}, [[7, 'com.example']]),
    node('Sum', ['a', 'b', 'c', 'd'], ['y']),
    node('NeverRead', ['x'], ['z']),
    W,
  ]
  await refused(
    'file',
    /^Hebb has no layer for parts of this model: ConvTranspose is not supported \(a\); 2 × Loop is not supported \(b, c\); Fast of com\.example is not supported \(d\)$/,
    () => loadOnnx(small(graph)),
  )
  const two = [node('Relu', ['x'], ['a']), node('MatMul', ['x', 'V'], ['b'])]
  const V = tensor('V', [2, 1], 1, floats(1, 2))
  await refused('file', 'Mul multiplies values of different shapes, [N, 2] and [N, 1]', () =>
    loadOnnx(small([...two, node('Mul', ['a', 'b'], ['y']), V])),
  )
  await refused('file', 'Max of different values (y)', () =>
    loadOnnx(small([product[0]!, node('Tanh', ['x'], ['a']), node('Max', ['a', 'p'], ['y']), W])),
  )
})

test('parts are those of a layer with weights', async () => {
  const parts = [node('Split', ['x'], ['a', 'b'], { axis: [[3, 1]] }), node('Mul', ['a', 'b'], ['y'])]
  await refused('file', 'Split takes parts of [N, 2], which are no units of a layer before it', () =>
    loadOnnx(small(parts)),
  )
  const axis: Parameters<typeof node>[3] = { axis: [[3, 1]], num_outputs: [[3, 2 ** 40]] }
  await refused('file', 'makes 1099511627776 parts of 2', () =>
    loadOnnx(small([node('Split', ['x'], ['y'], axis)])),
  )
})

test('damaged files and wrong options are refused', async () => {
  const good = small([...product, W])
  for (let length = 0; length < good.length; length += 7)
    await refused('file', '', () => loadOnnx(good.slice(0, length)))
  await refused('file', 'it ends too early', () => loadOnnx(good.slice(0, 30)))
  await refused('file', 'operators are of version 99', () => loadOnnx(small([...product, W], 99)))
  await refused('file', 'depends on itself', () =>
    loadOnnx(small([node('Add', ['x', 'y'], ['a']), node('Relu', ['a'], ['y'])])),
  )
  await refused('file', 'its outputs depend on no input', () => loadOnnx(small([node('Relu', ['x'], ['z'])])))
  await refused('file', 'of shape [2,2] has 3 values', () =>
    loadOnnx(small([...product, tensor('W', [2, 2], 1, floats(1, 2, 3))])),
  )
  await refused('data', '', () =>
    loadOnnx(small([...product, tensor('W', [2, 2], 1, floats(1, 2, 3, Number.NaN))])),
  )
  await refused('option', 'loadOnnx has no option "inputs"', () => loadOnnx(good, { inputs: [2] } as never))
  await refused('option', 'external must be a function', () => loadOnnx(good, { external: 1 } as never))
  await refused('shape', '2 values along axis 1, not 3', () => loadOnnx(good, { input: [3] }))
  await refused('shape', 'class names', () => loadOnnx(good, { classes: ['a', 'b', 'c'] }))
})

test('sizes that the file leaves open are options', async () => {
  const graph = [
    node('Relu', ['x'], ['y']),
    value(11, 'x', ['N', 'steps', 3]),
    value(12, 'y', ['N', 'steps', 3]),
  ]
  await refused('option', 'give input: […, 3]', () => loadOnnx(model(graph)))
  const net = await loadOnnx(model(graph), { input: [4, 3], seed: 1 })
  expect(net.outputs[0]!.shape).toEqual([4, 3])
  net.dispose()
})

test('the window of an LRN over an even number of channels lies elsewhere than that of localResponseNorm', async () => {
  const size = (n: number): Parameters<typeof node>[3] => ({
    size: [
      [3, n],
      [20, 2],
    ],
  })
  const graph = (n: number) =>
    model([
      node('LRN', ['x'], ['y'], size(n)),
      value(11, 'x', ['N', 3, 2, 2]),
      value(12, 'y', ['N', 3, 2, 2]),
    ])
  await refused('file', 'LRN over an even number of channels, 2 (y)', () => loadOnnx(graph(2)))
  const net = await loadOnnx(graph(3))
  expect(net.spec.layers.map(({ type }) => type)).toEqual(['localResponseNorm'])
  net.dispose()
})

test('a small file that makes many numbers is refused', async () => {
  const shape = tensor('shape', [2], 7, [
    [7, 40_000],
    [7, 40_000],
  ])
  const table = tensor('table', [1, 2], 1, floats(1, 2))
  const graph = [
    node('Expand', ['table', 'wide'], ['a']),
    node('Transpose', ['a'], ['b']),
    node('MatMul', ['x', 'b'], ['y']),
    tensor('wide', [2], 7, [
      [7, 100_000_000],
      [7, 2],
    ]),
    table,
    shape,
  ]
  await refused('file', 'many more numbers than it contains', () => loadOnnx(small(graph)))

  // Weights that are one number, repeated, need only the option.
  const constant = {
    value: [
      [
        5,
        [
          [1, 1],
          [2, 1],
          [9, floats(0.5)],
        ],
      ],
    ],
  } as Parameters<typeof node>[3]
  const repeated = [
    value(11, 'x', ['N', 3000]),
    value(12, 'y', ['N', 3000]),
    tensor('size', [2], 7, [
      [7, 3000],
      [7, 3000],
    ]),
    node('ConstantOfShape', ['size'], ['W'], constant),
    node('MatMul', ['x', 'W'], ['y']),
  ]
  await refused('file', 'give maxNumbers', () => loadOnnx(model(repeated)))
  await refused('option', 'maxNumbers must be', () => loadOnnx(model(repeated), { maxNumbers: -1 }))
  const net = await loadOnnx(model(repeated), { maxNumbers: 20_000_000 })
  const { data } = await net.predict({ data: new Float32Array(3000).fill(2), shape: [1, 3000] })
  expect(data.every((sum) => sum === 3000)).toBe(true)
  net.dispose()
})
