// Layers that read several others.
import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { NAMED, type Named, named } from './common'

export interface MergeOptions<P extends readonly string[] = readonly string[]> extends Named<P> {
  /** The layers or inputs that it reads, two or more. */
  from: P
}

function merge<const T extends string, P extends readonly string[]>(type: T, options: MergeOptions<P>) {
  checkKeys(type, options, NAMED)
  if (!Array.isArray(options.from) || options.from.length < 2) {
    throw new HebbError('option', `${type} needs from: [ … ] with the names of two layers or more`)
  }
  return { type, ...named(type, options) }
}

/** The sum of values of one shape: a residual connection. */
export function add<const P extends readonly string[]>(options: MergeOptions<P>) {
  return merge('add', options)
}

/** Images one after another by their channels, or flat values by their features. */
export function concat<const P extends readonly string[]>(options: MergeOptions<P>) {
  return merge('concat', options)
}
