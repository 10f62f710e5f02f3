// Layers that read several other layers.
import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { type Named, type NamedLayer, named } from './common'

export interface MergeOptions extends Named<readonly string[]> {
  /** The names of two or more layers or inputs that it reads. */
  from: readonly string[]
}

type Merge = 'add' | 'multiply' | 'concat'

/** An {@link add}, {@link multiply} or {@link concat} layer. */
export interface MergeLayer<T extends Merge> extends NamedLayer {
  type: T
  from: readonly string[]
}

function merge<T extends Merge>(type: T, options: MergeOptions): MergeLayer<T> {
  checkKeys(type, options, ['from', 'name'])
  if (!Array.isArray(options.from) || options.from.length < 2) {
    throw new HebbError('option', `${type} needs from: [ … ] with the names of two layers or more`)
  }
  return { type, ...named(type, options), from: options.from }
}

/** The sum of values of the same shape: a residual connection. */
export function add(options: MergeOptions): MergeLayer<'add'> {
  return merge('add', options)
}

/**
 * The product of values of the same shape, each element with its counterparts: a gate. A value `[C]` or `[C, 1, 1]` is a factor of each
 * channel of images `[C, H, W]`: squeeze and excitation (Hu et al. 2018).
 */
export function multiply(options: MergeOptions): MergeLayer<'multiply'> {
  return merge('multiply', options)
}

/** Concatenates images along their channels, or flat values and sequences `[T, features]` along their features. */
export function concat(options: MergeOptions): MergeLayer<'concat'> {
  return merge('concat', options)
}
