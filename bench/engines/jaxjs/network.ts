// A network of the benchmark in jax-js. Its functions own their arguments: `x.ref` is for one more use.
import { Cannot } from '../../harness/adapter.ts'
import { type Layer, type Model, parameters } from '../../harness/work.ts'

/** The library, and its arrays: their types are not available when this is checked. */
export type Jax = typeof import('@jax-js/jax')
export type Tensor = Jax

/** The initial parameters, and a function from parameters and samples to logits. */
export function network(jax: Jax, model: Model) {
  const { lax, nn, numpy } = jax
  const activate = { relu: nn.relu, tanh: numpy.tanh, none: (x: Tensor) => x }
  const apply = (layer: Layer, x: Tensor, next: () => Tensor): Tensor => {
    switch (layer.type) {
      case 'conv': {
        const { filters, stride = 1, padding, activation } = layer
        const strides = [stride, stride]
        const sides = strides.map(() => [padding, padding])
        const y = lax.convGeneralDilated(x, next(), strides, sides)
        return activate[activation](y.add(next().reshape([filters, 1, 1])))
      }
      case 'dense':
        return activate[layer.activation](numpy.matmul(x, next().transpose()).add(next()))
      case 'pool': {
        const { kernel = 2, pool } = layer
        return lax.reduceWindow(x, pool === 'max' ? numpy.max : numpy.mean, [kernel, kernel], [2, 2])
      }
      case 'flatten':
        return x.reshape([x.shape[0], -1])
      case 'recurrent':
        throw new Cannot('it has no recurrent layers')
    }
  }
  return {
    parameters: parameters(model).map(({ data, shape }): Tensor => numpy.array(data, { shape })),
    logits(own: readonly Tensor[], x: Tensor): Tensor {
      const weights = own[Symbol.iterator]()
      return model.layers.reduce((at, layer) => apply(layer, at, () => weights.next().value), x)
    },
  }
}
