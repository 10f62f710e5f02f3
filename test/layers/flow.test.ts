// Compiler errors for layers that do not fit: at the layer itself, with the explanation in the first line.
import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'
import { root } from '../helpers/root'

/** Programs that do not compile, the line of the code that the compiler reports, and the first line of its message. */
const CASES: [program: string, at: string, says: string][] = [
  // Keras 2724: "dense_1: expected ndim=2, found ndim=4".
  [
    'network([1, 8, 8], [conv2d({ filters: 2, kernel: 3 }), dense({ units: 4 })])',
    'dense({ units: 4 })',
    `Type 'DenseLayer<4>' is not assignable to type '"dense needs [features] or [T, features]: put flatten() before it"'.`,
  ],
  [
    'network([64], [maxPool2d({ kernel: 2 })])',
    'maxPool2d({ kernel: 2 })',
    `Type 'MaxPool2dLayer' is not assignable to type '"maxPool2d needs an image [C, H, W]: put it before flatten"'.`,
  ],
  // Deep in a network, between layers that fit (Keras 12622: "expected ndim=4, found ndim=2").
  [
    `network([3, 32, 32], [conv2d({ filters: 8, kernel: 3 }), averagePool2d({ kernel: 2 }), flatten(), dropout({ rate: 0.5 }),
      conv2d({ filters: 8, kernel: 3 }), dense({ units: 10, activation: 'softmax' })], { seed: 1 })`,
    'conv2d({ filters: 8, kernel: 3 })',
    `Type 'Conv2dLayer<8>' is not assignable to type '"conv2d needs an image [C, H, W]: put it before flatten"'.`,
  ],
  [
    'network([8], [batchNorm(), globalAveragePool2d()])',
    'globalAveragePool2d()',
    `Type 'GlobalAveragePool2dLayer' is not assignable to type '"globalAveragePool2d needs an image [C, H, W]: put it before flatten"'.`,
  ],
  // An image without a channel dimension (TensorFlow 28442, Keras 10053).
  [
    'network([28, 28], [flatten(), reshape([28, 28]), conv2d({ filters: 8, kernel: 3 })])',
    'conv2d({ filters: 8, kernel: 3 })',
    `Type 'Conv2dLayer<8>' is not assignable to type '"conv2d needs an image [C, H, W]: [1, H, W] for one channel"'.`,
  ],
  [
    'network([7, 3], [dense({ units: 2 }), batchNorm()])',
    'batchNorm()',
    `Type 'BatchNormLayer' is not assignable to type '"batchNorm needs [features] or an image: put flatten() before it"'.`,
  ],
  [
    'network([1, 2, 2], [rbf({ units: 3 })])',
    'rbf({ units: 3 })',
    `Type 'RbfLayer<3>' is not assignable to type '"rbf needs [features] or [T, features]: put flatten() before it"'.`,
  ],
  [
    'network([1, 7, 2], [embedding({ units: 2, vocabulary: 9 })])',
    'embedding({ units: 2, vocabulary: 9 })',
    `Type 'EmbeddingLayer<2>' is not assignable to type '"embedding needs token numbers [T] or [T, 1]"'.`,
  ],
  [
    'network([7], [embedding({ units: 2, vocabulary: 9 }), conv2d({ filters: 8, kernel: 3 })])',
    'conv2d({ filters: 8, kernel: 3 })',
    `Type 'Conv2dLayer<8>' is not assignable to type '"conv2d needs an image [C, H, W]: [1, H, W] for one channel"'.`,
  ],
  [
    'network([7], [rnn({ units: 2 })])',
    'rnn({ units: 2 })',
    `Type 'RnnLayer<2, "last", "forward">' is not assignable to type '"rnn needs a sequence [T, features]"'.`,
  ],
  [
    'network([7, 3], [rnn({ units: 2 }), rnn({ units: 4 })])',
    'rnn({ units: 4 })',
    `Type 'RnnLayer<4, "last", "forward">' is not assignable to type '"rnn needs a sequence [T, features]"'.`,
  ],
  [
    'network([1, 2, 2], [repeatVector({ steps: 3 }), rnn({ units: 2 })])',
    'repeatVector({ steps: 3 })',
    `Type 'RepeatVectorLayer' is not assignable to type '"repeatVector needs [features]: put flatten() before it, or take the last step of a recurrent layer"'.`,
  ],
  [
    'network([7, 3], [gru({ units: 2 }), lstm({ units: 4 })])',
    'lstm({ units: 4 })',
    `Type 'LstmLayer<4, "last", "forward">' is not assignable to type '"lstm needs a sequence [T, features]"'.`,
  ],
  [
    'network([1, 2, 2, 8], [flatten()])',
    '[1, 2, 2, 8]',
    `Argument of type 'number[]' is not assignable to parameter of type '"the shape of a sample is [features], [steps, features] or [channels, height, width]"'.`,
  ],
  [
    'network([2], dense({ units: 3 }))',
    'dense({ units: 3 })',
    "Argument of type 'DenseLayer<3>' is not assignable to parameter of type 'readonly Layer[]'.",
  ],
  [
    'dense(8)',
    '8',
    `Argument of type 'number' is not assignable to parameter of type 'DenseOptions<number, never, "identity">'.`,
  ],
]

/** Programs that compile. */
const RIGHT = [
  'network([1, 8, 8], [conv2d({ filters: 2, kernel: 3 }), flatten(), dense({ units: 4 })])',
  'network([2], [dense({ units: 4, name: "a" }), dense({ units: 4 }), add({ from: ["a", "dense2"] }), activation("relu")])',
  'network({ a: [4], b: [1, 4, 4] }, [dense({ units: 2, from: "a" }), flatten({ from: "b" })])',
  'network([16], [reshape([1, 4, 4]), zeroPadding2d({ padding: 1 }), conv2d({ filters: 2, kernel: 3 })])',
  'network([7, 3], [standardize({ mean: [0, 1, 2], deviation: 1 }), dense({ units: 2 }), activation("prelu"), dropout({ rate: 0.5 }), dense({ units: 4 })])',
  'network([7, 3], [rnn({ units: 2, returns: "all" }), rnn({ units: 4 }), dense({ units: 2 })], { classes: ["a", "b"] })',
  'network([7, 3], [lstm({ units: 2, returns: "all" }), gru({ units: 4, reset: "before" }), dense({ units: 2 })], { classes: ["a", "b"] })',
  'network([7], [embedding({ units: 2, vocabulary: 9 }), gru({ units: 4 }), dense({ units: 2 })], { classes: ["a", "b"] })',
  'network([7, 1], [embedding({ units: 2, vocabulary: 9 }), dense({ units: 2 })])',
  'network([7, 3], [gru({ units: 4 }), repeatVector({ steps: 5 }), lstm({ units: 4 }), dense({ units: 2 })], { classes: ["a", "b"] })',
  'network([12], [reshape([4, 3]), dense({ units: 2 }), flatten(), dense({ units: 4 })], { classes: ["a", "b", "c", "d"] })',
  'network([7, 3], [rbf({ units: 5, widths: 2 }), rnn({ units: 4 }), rbf({ units: 2 })], { classes: ["a", "b"] })',
  'network({ a: [4, 2], b: [4, 1] }, [concat({ from: ["a", "b"] }), dense({ units: 2 })])',
  'network([2], [] as readonly Layer[])',
  'network([1, 4, 4], [standardize({ mean: 0, deviation: 1 }), localResponseNorm({ size: 3 })] as const)',
]

const names =
  'activation, add, averagePool2d, batchNorm, concat, conv2d, dense, dropout, embedding, flatten, globalAveragePool2d, gru, type Layer, ' +
  'localResponseNorm, lstm, maxPool2d, network, rbf, repeatVector, reshape, rnn, standardize, zeroPadding2d'
const file = join(root, 'test', 'compiled.ts')
let found: { at: string; says: string }[][]

beforeAll(() => {
  const programs = [...CASES.map(([program]) => program), ...RIGHT]
  const starts: number[] = []
  let text = `import { ${names} } from 'hebb'\n`
  for (const program of programs) {
    starts.push(text.length)
    text += `${program}\n`
  }
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, types: [] }, root)
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  found = programs.map(() => [])
  for (const { start, length, messageText } of ts.getPreEmitDiagnostics(
    program,
    program.getSourceFile(file),
  )) {
    const index = starts.findLastIndex((from) => from <= start!)
    const at = text.slice(start, start! + length!)
    found[index]!.push({ at, says: ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0]! })
  }
}, 60_000)

test.each(CASES.map(([program, at, says], index) => ({ program, at, says, index })))(
  '$program',
  ({ at, says, index }) => expect(found[index]).toEqual([{ at, says }]),
)

test('layers that fit compile', () => {
  expect(found.slice(CASES.length).flat()).toEqual([])
})
