// Where the weights of a layer are, in each kind of file.
import { readValues } from '../../interop/safetensors'
import type { Tensor } from '../../tensor'
import type { Dataset, Group } from './hdf5'

/** A layer that has weights. */
export interface Owner {
  name: string
  /** The name of its class and, from the second of a class on, a number: `conv2d`, `conv2d_1`. */
  id: string
  /** The models that it is in, from the outermost on. */
  within: readonly Owner[]
}

/** A part of a layer that consists of others: of `Bidirectional` one of both, of `TimeDistributed` the layer. */
export type Part = 'forward' | 'backward' | 'layer'

/** Finds the weights of a layer, in Keras's order; `kinds` are their names, `cell` says that it is recurrent. */
export type Store = (
  owner: Owner,
  kinds: readonly string[],
  options: { part?: Part | undefined; cell: boolean },
) => (Tensor | undefined)[]

/** A weight by its path: `['dense', 'kernel:0']`. */
export interface NamedWeight {
  path: readonly string[]
  tensor: () => Tensor
}

const DEPTHWISE = 'depthwise_kernel'

/** Those with a property, or all if none has it. */
function preferred<T>(all: readonly T[], has: (one: T) => boolean): readonly T[] {
  const some = all.filter(has)
  return some.length > 0 ? some : all
}

/** Weights that have the names of their layers in their paths, as in `.h5` files and TensorFlow.js. */
export function namedStore(weights: readonly NamedWeight[]): Store {
  const byLayer = new Map<string, NamedWeight[]>()
  for (const weight of weights)
    for (const step of new Set(weight.path.slice(0, -1))) {
      const own = byLayer.get(step) ?? []
      own.push(weight)
      byLayer.set(step, own)
    }
  return ({ name, within }, kinds, { part }) => {
    // A name may be that of layers in several models: the path begins with the outermost model, or the layer.
    const [outermost = name, ...others] = [...within.map((model) => model.name), name]
    const named = preferred(byLayer.get(name) ?? [], ({ path }) => path[0] === outermost)
    const own = preferred(named, ({ path }) => others.every((step) => path.includes(step, 1)))
    const inPart = own.filter(
      ({ path }) => !part || part === 'layer' || path.some((one) => one.startsWith(part)),
    )
    return kinds.map((kind) => {
      const found = inPart.filter(({ path }) => {
        const last = path.at(-1)!.replace(/:\d+$/, '')
        return last === kind || (kind === DEPTHWISE && last === 'kernel')
      })
      return found.length === 1 ? found[0]!.tensor() : undefined
    })
  }
}

/** The weights of a `.keras` file, which have numbers. */
export function numberedStore(root: Group): Store {
  return ({ id, within }, kinds, { part, cell }) => {
    const parts = part === 'layer' ? ['layer'] : part ? [`${part}_layer`] : []
    const models = within.flatMap((model) => ['layers', model.id])
    const path = [...models, 'layers', id, ...parts, ...(cell ? ['cell'] : []), 'vars']
    const group = path.reduce<Group | undefined>((group, step) => group?.groups.get(step), root)
    return kinds.map((_, at) => {
      const found = group?.datasets.get(String(at))
      return found && tensorOf(found)
    })
  }
}

/** All arrays in a group with their paths. */
export function* namedWeights(group: Group, path: readonly string[]): Generator<NamedWeight> {
  for (const [name, dataset] of group.datasets)
    yield { path: [...path, name], tensor: () => tensorOf(dataset) }
  for (const [name, inner] of group.groups) yield* namedWeights(inner, [...path, name])
}

const tensorOf = ({ shape, type, bytes }: Dataset): Tensor => ({
  data: Float32Array.from(readValues(type, bytes)),
  shape,
})
