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
    'network([1, 2, 2], [permute([1, 0])])',
    'permute([1, 0])',
    `Type 'PermuteLayer<readonly [1, 0]>' is not assignable to type '"permute needs three axes for an image [C, H, W]"'.`,
  ],
  [
    'network([7, 3], [permute([1, 0, 2])])',
    'permute([1, 0, 2])',
    `Type 'PermuteLayer<readonly [1, 0, 2]>' is not assignable to type '"permute needs two axes for a sequence [T, features]"'.`,
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
  [
    'network([8], [globalAveragePool2d()])',
    'globalAveragePool2d()',
    `Type 'GlobalAveragePool2dLayer' is not assignable to type '"globalAveragePool2d needs an image [C, H, W]: put it before flatten"'.`,
  ],
  [
    'network([1, 8, 8], [flatten(), zeroPadding2d({ padding: 1 })])',
    'zeroPadding2d({ padding: 1 })',
    `Type 'ZeroPadding2dLayer' is not assignable to type '"zeroPadding2d needs an image [C, H, W]: put it before flatten"'.`,
  ],
  [
    'network([1, 8, 8], [flatten(), localResponseNorm({ size: 3 })])',
    'localResponseNorm({ size: 3 })',
    `Type 'LocalResponseNormLayer' is not assignable to type '"localResponseNorm needs an image [C, H, W]: put it before flatten"'.`,
  ],
  [
    'network([5, 3], [averagePool2d({ kernel: 2 })])',
    'averagePool2d({ kernel: 2 })',
    `Type 'AveragePool2dLayer' is not assignable to type '"averagePool2d needs an image [C, H, W]: [1, H, W] for one channel"'.`,
  ],
  [
    'network([1, 8, 8], [conv2d({ filters: 2, kernel: 3 }), lstm({ units: 3 })])',
    'lstm({ units: 3 })',
    `Type 'LstmLayer<3, "last", "forward">' is not assignable to type '"lstm needs a sequence [T, features]"'.`,
  ],
  [
    'network([1, 8, 8], [gru({ units: 3 })])',
    'gru({ units: 3 })',
    `Type 'GruLayer<3, "last", "forward">' is not assignable to type '"gru needs a sequence [T, features]"'.`,
  ],
  [
    "network([5, 3], [rnn({ units: 2, returns: 'all' }), conv2d({ filters: 2, kernel: 3 })])",
    'conv2d({ filters: 2, kernel: 3 })',
    `Type 'Conv2dLayer<2>' is not assignable to type '"conv2d needs an image [C, H, W]: [1, H, W] for one channel"'.`,
  ],
  [
    'network([5, 3], [lstm({ units: 4 }), gru({ units: 2 })])',
    'gru({ units: 2 })',
    `Type 'GruLayer<2, "last", "forward">' is not assignable to type '"gru needs a sequence [T, features]"'.`,
  ],
  [
    "dense({ units: 3, activaton: 'tanh' })",
    'activaton',
    `Object literal may only specify known properties, but 'activaton' does not exist in type 'DenseOptions<3, never, "identity">'. Did you mean to write 'activation'?`,
  ],
  [
    "dense({ units: 3, activation: 'thanh' })",
    'activation',
    `Type '"thanh"' is not assignable to type 'Activation'. Did you mean '"tanh"'?`,
  ],
  [
    'dense({})',
    '{}',
    `Argument of type '{}' is not assignable to parameter of type 'DenseOptions<number, never, "identity">'.`,
  ],
  [
    "conv2d({ filters: 2, kernel: 3, padding: 'valid' })",
    'padding',
    `Type '"valid"' is not assignable to type 'Padding'.`,
  ],
  ["conv2d({ filters: 2, kernel: '3' })", 'kernel', `Type 'string' is not assignable to type 'Pair'.`],
  ['maxPool2d()', 'maxPool2d', `Expected 1 arguments, but got 0.`],
  [
    'embedding({ units: 2 })',
    '{ units: 2 }',
    `Argument of type '{ units: 2; }' is not assignable to parameter of type 'EmbeddingOptions<2, never>'.`,
  ],
  [
    'dropout(0.5)',
    '0.5',
    `Argument of type 'number' is not assignable to parameter of type 'DropoutOptions<never>'.`,
  ],
  ["rnn({ units: 2, returns: 'first' })", 'returns', `Type '"first"' is not assignable to type 'Returns'.`],
  [
    "network([2], [dense({ units: 3, activation: 'softmax' })], { classes: ['no', 'yes'] })",
    'classes',
    `Type 'string[]' is not assignable to type '"classes must have 3 names, not 2"'.`,
  ],
  [
    "network([2], [dense({ units: 1, activation: 'sigmoid' })], { classes: ['a', 'b', 'c'] })",
    'classes',
    `Type 'string[]' is not assignable to type '"classes must have 2 names, not 3"'.`,
  ],
  [
    'network([2], [dense({ units: 1 })], { sead: 1 })',
    'sead',
    `Object literal may only specify known properties, and 'sead' does not exist in type 'NetworkOptions<readonly string[]>'.`,
  ],
  [
    'net.fit(samples, { epoch: 3 })',
    'epoch',
    `Object literal may only specify known properties, but 'epoch' does not exist in type 'FitOptions'. Did you mean to write 'epochs'?`,
  ],
  [
    "net.fit(samples, { optimizer: 'adams' })",
    'optimizer',
    `Type '"adams"' is not assignable to type 'OptimizerOption | undefined'. Did you mean '"adam"'?`,
  ],
  [
    "net.fit(samples, { loss: 'mse' })",
    'loss',
    `Type '"mse"' is not assignable to type 'LossOption | undefined'.`,
  ],
  [
    'net.fit(samples, { optimizer: sgd({ lr: 0.1 }) })',
    'lr',
    `Object literal may only specify known properties, and 'lr' does not exist in type 'SgdOptions'.`,
  ],
  [
    'net.fit([[0, 1]])',
    '[[0, 1]]',
    `Argument of type 'number[][]' is not assignable to parameter of type 'Dataset | SampleStream'.`,
  ],
  [
    "net.predict('0, 1')",
    "'0, 1'",
    `Argument of type 'string' is not assignable to parameter of type 'Dataset | SampleStream | Samples'.`,
  ],
  [
    'net.evaluate(samples, { batch: 3 })',
    'batch',
    `Object literal may only specify known properties, and 'batch' does not exist in type 'EvaluateOptions'.`,
  ],
  [
    "adam({ learningRate: 'small' })",
    'learningRate',
    `Type 'string' is not assignable to type 'number | Schedule | undefined'.`,
  ],
  ["init({ threads: '2' })", 'threads', `Type 'string' is not assignable to type 'number'.`],
  [
    "datasets.fromCsv('iris.csv', { label: 'species' })",
    'label',
    `Object literal may only specify known properties, and 'label' does not exist in type 'CsvOptions'.`,
  ],
]

/** Programs that compile. */
const RIGHT = [
  'network([1, 8, 8], [conv2d({ filters: 2, kernel: 3 }), flatten(), dense({ units: 4 })])',
  'network([2], [dense({ units: 4, name: "a" }), dense({ units: 4 }), add({ from: ["a", "dense2"] }), activation("relu")])',
  'network([4], [dense({ units: 4, name: "a" }), multiply({ from: ["a", "input"] }), dense({ units: 2 })])',
  'network({ a: [4], b: [1, 4, 4] }, [dense({ units: 2, from: "a" }), flatten({ from: "b" })])',
  'network([16], [reshape([1, 4, 4]), zeroPadding2d({ padding: 1 }), conv2d({ filters: 2, kernel: 3 })])',
  'network([7, 3], [standardize({ mean: [0, 1, 2], deviation: 1 }), dense({ units: 2 }), activation("prelu"), dropout({ rate: 0.5 }), dense({ units: 4 })])',
  'network([7, 3], [rnn({ units: 2, returns: "all" }), rnn({ units: 4 }), dense({ units: 2 })], { classes: ["a", "b"] })',
  'network([7, 3], [lstm({ units: 2, returns: "all" }), gru({ units: 4, reset: "before" }), dense({ units: 2 })], { classes: ["a", "b"] })',
  'network([7], [embedding({ units: 2, vocabulary: 9 }), gru({ units: 4 }), dense({ units: 2 })], { classes: ["a", "b"] })',
  'network([7, 1], [embedding({ units: 2, vocabulary: 9 }), dense({ units: 2 })])',
  'network([7, 3], [gru({ units: 4 }), repeatVector({ steps: 5 }), lstm({ units: 4 }), dense({ units: 2 })], { classes: ["a", "b"] })',
  'network([3, 1, 9], [conv2d({ filters: 4, kernel: [1, 3] }), permute([2, 0, 1]), reshape([7, 4]), gru({ units: 2 })], { classes: ["a", "b"] })',
  'network([12], [reshape([4, 3]), dense({ units: 2 }), flatten(), dense({ units: 4 })], { classes: ["a", "b", "c", "d"] })',
  'network([7, 3], [rbf({ units: 5, widths: 2 }), rnn({ units: 4 }), rbf({ units: 2 })], { classes: ["a", "b"] })',
  'network({ a: [4, 2], b: [4, 1] }, [concat({ from: ["a", "b"] }), dense({ units: 2 })])',
  'network([2], [] as readonly Layer[])',
  'network([1, 4, 4], [standardize({ mean: 0, deviation: 1 }), localResponseNorm({ size: 3 })] as const)',
]

/** What some of the programs use. */
const NETWORK = `const net = await network([2], [dense({ units: 1, activation: 'sigmoid' })])
const samples = await datasets.fromArrays([[0, 1]], [[1]])
`
const names =
  'activation, adam, add, averagePool2d, batchNorm, concat, conv2d, datasets, dense, dropout, embedding, flatten, globalAveragePool2d, gru, init, type Layer, ' +
  'localResponseNorm, lstm, maxPool2d, multiply, network, permute, rbf, repeatVector, reshape, rnn, sgd, standardize, zeroPadding2d'
const file = join(root, 'test', 'compiled.ts')
let found: { at: string; says: string }[][]

/** A program of this text, which is in no file. */
function programOf(text: string): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, types: [] }, root)
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest) : getSourceFile(name, ...rest)
  return ts.createProgram([file], options, host)
}

beforeAll(() => {
  const programs = [...CASES.map(([program]) => program), ...RIGHT]
  const starts: number[] = []
  let text = `import { ${names} } from 'hebb'\n${NETWORK}`
  for (const program of programs) {
    starts.push(text.length)
    text += `${program}\n`
  }
  const program = programOf(text)
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

test('the compiler does little for a network of twenty layers', () => {
  const block = (filters: number) =>
    `conv2d({ filters: ${filters}, kernel: 3, padding: 1 }), batchNorm(), maxPool2d({ kernel: 2 }), dropout({ rate: 0.1 }),`
  const layers = [8, 16, 32, 64].map(block).join('\n')
  const program = programOf(`import { ${names} } from 'hebb'
    network([3, 64, 64], [${layers} flatten(), dense({ units: 64 }), dropout({ rate: 0.5 }), dense({ units: 10 })])`)
  expect(ts.getPreEmitDiagnostics(program, program.getSourceFile(file))).toEqual([])
  // 5,213 when this was written, a quarter of a second; a check that grew with the square of the layers would exceed it.
  expect(program.getInstantiationCount()).toBeLessThan(8000)
}, 60_000)
