// The networks of test/fixtures/drawn_networks.py.
import * as hebb from 'hebb'

const {
  add,
  averagePool2d,
  batchNorm,
  concat,
  conv2d,
  dense,
  embedding,
  euclideanRbf,
  flatten,
  globalAveragePool2d,
  gru,
  localResponseNorm,
  lstm,
  maxPool2d,
  network,
  rbf,
  repeatVector,
  rnn,
  standardize,
  subsample2d,
  zeroPadding2d,
} = hebb
const MAKERS = {
  activation: ({ activation, ...options }) => hebb.activation(activation, options),
  add,
  averagePool2d,
  batchNorm,
  concat,
  conv2d,
  dense,
  embedding,
  euclideanRbf,
  flatten,
  globalAveragePool2d,
  gru,
  localResponseNorm,
  lstm,
  maxPool2d,
  rbf,
  permute: ({ axes, ...options }) => hebb.permute(axes, options),
  repeatVector,
  reshape: ({ shape, ...options }) => hebb.reshape(shape, options),
  rnn,
  standardize,
  subsample2d,
  zeroPadding2d,
}
const ACTIVATIONS = { elu: hebb.elu, leakyRelu: hebb.leakyRelu }

/** An activation with options is made by its function. */
function activated({ activation, ...layer }) {
  const [name] = typeof activation === 'object' ? Object.keys(activation) : []
  return activation === undefined
    ? layer
    : { ...layer, activation: ACTIVATIONS[name]?.(activation[name]) ?? activation }
}

export const networkOf = ({ input, layers }) =>
  network(
    Array.isArray(input[0]) ? Object.fromEntries(input) : input,
    layers.map(({ type, ...options }) => MAKERS[type](activated(options))),
  )
