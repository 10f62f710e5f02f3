// The networks of test/fixtures/drawn_networks.py.
import * as hebb from 'hebb'

/** The functions that make layers, from an object of options each. */
const MAKERS = {
  ...hebb,
  activation: ({ activation, ...options }) => hebb.activation(activation, options),
  permute: ({ axes, ...options }) => hebb.permute(axes, options),
  reshape: ({ shape, ...options }) => hebb.reshape(shape, options),
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
  hebb.network(
    Array.isArray(input[0]) ? Object.fromEntries(input) : input,
    layers.map(({ type, ...options }) => MAKERS[type](activated(options))),
  )
