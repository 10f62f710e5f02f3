// Layers that read several others.
import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { type Named, type NamedLayer, named, type Reads } from './common'

export interface MergeOptions<P extends readonly string[] = readonly string[]> extends Named<P> {
  /** The layers or inputs that it reads, two or more. */
  from: P
}

/** An {@link add} or {@link concat} layer. */
export interface MergeLayer<T extends 'add' | 'concat'> extends NamedLayer {
  type: T
  from: readonly string[]
}

function merge<T extends 'add' | 'concat', P extends readonly string[]>(
  type: T,
  options: MergeOptions<P>,
): MergeLayer<T> & Reads<P> {
  checkKeys(type, options, ['from', 'name'])
  if (!Array.isArray(options.from) || options.from.length < 2) {
    throw new HebbError('option', `${type} needs from: [ … ] with the names of two layers or more`)
  }
  return { type, ...named(type, options) } as MergeLayer<T> & Reads<P>
}

/** The sum of values of one shape: a residual connection. */
export function add<const P extends readonly string[]>(
  options: MergeOptions<P>,
): MergeLayer<'add'> & Reads<P> {
  return merge('add', options)
}

/** Images one after another by their channels, or flat values by their features. */
export function concat<const P extends readonly string[]>(
  options: MergeOptions<P>,
): MergeLayer<'concat'> & Reads<P> {
  return merge('concat', options)
}
