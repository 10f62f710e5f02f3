// Errors for names and forms of other libraries show those of this one.
import {
  activation,
  adam,
  add,
  averagePool2d,
  conv2d,
  dense,
  dropout,
  HebbError,
  huber,
  leakyRelu,
  maxPool2d,
  minimize,
  network,
  perceptron,
  sgd,
  standardize,
  zeroPadding2d,
} from 'hebb'
import { afterAll, expect, test } from 'vitest'

const net = await network([2], [dense({ units: 2, activation: 'softmax' })])
afterAll(() => net.dispose())

const x = [[0, 1]]

/** The message of the error that a call throws or rejects with: always a HebbError. */
async function said(call: () => unknown): Promise<string> {
  try {
    await call()
  } catch (error) {
    expect(error).toBeInstanceOf(HebbError)
    expect((error as HebbError).code).toBe('option')
    return (error as HebbError).message
  }
  throw new Error('nothing was thrown')
}

test.each([
  // tf.keras, TensorFlow.js, PyTorch, scikit-learn. (TensorFlow.js 656: "Unknown loss softmaxCrossEntropy".)
  ['mse', 'meanSquaredError'],
  ['mean_squared_error', 'meanSquaredError'],
  ['MSELoss', 'meanSquaredError'],
  ['mae', 'meanAbsoluteError'],
  ['L1Loss', 'meanAbsoluteError'],
  ['categoricalCrossentropy', 'crossEntropy'],
  ['sparse_categorical_crossentropy', 'crossEntropy'],
  ['softmaxCrossEntropy', 'crossEntropy'],
  ['CrossEntropyLoss', 'crossEntropy'],
  ['nll_loss', 'crossEntropy'],
  ['binary_crossentropy', 'binaryCrossEntropy'],
  ['BCEWithLogitsLoss', 'binaryCrossEntropy'],
  ['KLDivLoss', 'kullbackLeibler'],
  ['huber_loss', 'huber'],
  ['hingeLoss', 'hinge'],
])("loss '%s' is %s", async (foreign, own) => {
  const message = `loss must be "${own}", got "${foreign}"`
  const loss = foreign as never
  expect(await said(() => net.gradients(x, [[0, 1]], { loss }))).toBe(message)
})

test.each([
  // TensorFlow.js 1804 (swish) and 1093 ("ReLU", "leaky_re_lu").
  ['linear', 'identity'],
  ['swish', 'silu'],
  ['ReLU', 'relu'],
  ['leaky_re_lu', 'leakyRelu'],
  ['LeakyReLU', 'leakyRelu'],
  ['hard_sigmoid', 'hardSigmoid'],
  ['log_softmax', 'logSoftmax'],
  ['Heaviside', 'step'],
])("activation '%s' is %s", async (foreign, own) => {
  const message = `activation must be "${own}", got "${foreign}"`
  expect(await said(() => dense({ units: 1, activation: foreign as never }))).toBe(`dense: ${message}`)
})

test.each([
  ['SGD', 'sgd'],
  ['Adam', 'adam'],
  ['RMSprop', 'rmsprop'],
  ['momentum', 'sgd'],
  ['L-BFGS', 'lbfgs'],
])("optimizer '%s' is %s", async (foreign, own) => {
  const message = `optimizer must be "${own}", got "${foreign}"`
  expect(await said(() => net.trace(x, [[0, 1]], { optimizer: foreign as never }))).toBe(message)
})

test.each([
  ['glorot_uniform', 'glorotUniform'],
  ['xavier_normal', 'glorotNormal'],
  ['kaiming_uniform', 'heUniform'],
  ['he_normal', 'heNormal'],
])("initializer '%s' is %s", async (foreign, own) => {
  const message = `dense: initializer must be "${own}", got "${foreign}"`
  expect(await said(() => dense({ units: 1, initializer: foreign as never }))).toBe(message)
})

test.each([
  // PyTorch 17953: 'SAME' and 'VALID'.
  [
    () => conv2d({ filters: 1, kernel: 3, padding: 'valid' as never }),
    'conv2d: padding must be 0, got "valid"',
  ],
  [() => maxPool2d({ kernel: 2, padding: 'VALID' as never }), 'maxPool2d: padding must be 0, got "VALID"'],
  [
    () => conv2d({ filters: 1, kernel: 3, padding: 'SAME' as never }),
    `conv2d: padding must be 'same' or in numbers, got "SAME"`,
  ],
  [
    () => averagePool2d({ kernel: 2, padding: 'causal' as never }),
    `averagePool2d: padding must be 'same' or in numbers, got "causal"`,
  ],
])('padding %#', async (call, message) => expect(await said(call)).toBe(message))

test.each([
  // Positional arguments, as in Keras's Python and in PyTorch.
  [() => dense(8 as never), 'dense takes an object of options, got 8: write { units: 8 }'],
  [() => conv2d(32 as never), 'conv2d takes an object of options, got 32: write { filters: 32 }'],
  [() => maxPool2d(2 as never), 'maxPool2d takes an object of options, got 2: write { kernel: 2 }'],
  [() => dropout(0.5 as never), 'dropout takes an object of options, got 0.5: write { rate: 0.5 }'],
  [() => zeroPadding2d(1 as never), 'zeroPadding2d takes an object of options, got 1: write { padding: 1 }'],
  [() => leakyRelu(0.2 as never), 'leakyRelu takes an object of options, got 0.2: write { slope: 0.2 }'],
  [() => huber(2 as never), 'huber takes an object of options, got 2: write { delta: 2 }'],
  [() => sgd(0.1 as never), 'sgd takes an object of options, got 0.1: write { learningRate: 0.1 }'],
  [() => adam(0.1 as never), 'adam takes an object of options, got 0.1: write { learningRate: 0.1 }'],
  [() => perceptron(2 as never), 'perceptron takes an object of options, got 2: write { inputs: 2 }'],
  [
    () => net.classify(x as never, 3 as never),
    'classify takes an object of options, got 3: write { top: 3 }',
  ],
  [() => dense('relu' as never), 'dense takes an object of options, got "relu": write { units: … }'],
  [() => add(['a', 'b'] as never), 'add takes an object of options, got ["a","b"]: write { from: … }'],
  [
    () => standardize(undefined as never),
    'standardize takes an object of options, got undefined: write { mean: … }',
  ],
])('a form other than options, %#', async (call, message) => expect(await said(call)).toBe(message))

test('an unknown name gives the list of valid ones', async () => {
  expect(await said(() => activation('thanh' as never))).toMatch('must be one of identity, step, sign')
  expect(await said(() => minimize(() => 1, [1], { method: 'newton' as never }))).toMatch(
    'must be one of sgd',
  )
  for (const loss of [3, {}, null, Symbol('mse'), ['mse'], { toString: () => 'mse' }, 'constructor']) {
    expect(await said(() => net.gradients(x, [[0, 1]], { loss: loss as never }))).toMatch('loss')
  }
})
