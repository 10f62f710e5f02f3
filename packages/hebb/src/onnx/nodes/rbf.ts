// Radial basis functions.
import { euclideanRbf, rbf } from '../../layers'
import { stem, tensor } from '../graph/builder'
import type { Translator } from '../graph/node'
import { Source } from '../graph/value'
import { overLast } from './dense'

const radial: Translator = (node) => {
  const [centers, beside, summed] = [node.weights(1), node.constant(2), node.constant(3)]
  const factors = node.optional(4)
  if (
    centers.shape.length !== 2 ||
    beside.uniform !== -2 ||
    summed.uniform !== -1 ||
    node.int('keepdims', 1) !== 0
  )
    node.fail(`has centers [${centers.shape}]`)
  const [units, features] = centers.shape as [number, number]
  const { from, shape, viewOf } = overLast(node, node.ordered(), features, units)
  if (!factors) {
    const rows = Array.from({ length: units }, (_, u) => [
      ...centers.values.slice(u * features, (u + 1) * features),
    ])
    return viewOf(new Source(() => node.network.add(euclideanRbf({ centers: rows }), [from], shape)))
  }
  const { values } = factors
  if (values.length !== units || !values.every((n) => n > 0)) node.fail(`has the factors [${factors.shape}]`)
  // A factor is 1/2σ².
  const log = Float32Array.from(values, (factor) => -0.5 * Math.log(2 * factor))
  const weights = { centers: tensor(centers), log_widths: { data: log, shape: [units] } }
  return viewOf(
    new Source(() => node.network.add(rbf({ units }), [from], shape, weights, stem(centers.name))),
  )
}

export const RBF: Record<string, Translator> = { RadialBasis: radial }
