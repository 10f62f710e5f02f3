// Layers that compute nothing.
import { HebbError } from '../errors'
import { checkKeys, checkWhole } from '../options'
import { NAMED, type Named, named, type Origin } from './common'

/** `[C, H, W]` → `[C·H·W]`. */
export function flatten<const P extends Origin = never>(options: Named<P> = {}) {
  checkKeys('flatten', options, NAMED)
  return { type: 'flatten' as const, ...named('flatten', options) }
}

/** The same values in another shape, `[features]` or `[C, H, W]`. */
export function reshape<
  const S extends readonly [number] | readonly [number, number, number],
  const P extends Origin = never,
>(shape: S, options: Named<P> = {}) {
  checkKeys('reshape', options, NAMED)
  if (!Array.isArray(shape) || (shape.length !== 1 && shape.length !== 3)) {
    throw new HebbError('option', 'reshape takes a shape [features] or [C, H, W]')
  }
  shape.forEach((n) => void checkWhole('reshape', 'each size', n, 1))
  return { type: 'reshape' as const, ...named('reshape', options), shape }
}

/**
 * An earlier layer once more, with the same weights: `shared('conv1', { from: 'right' })`. Its gradient is
 * the sum over all its places.
 */
export function shared<const P extends Origin = never>(of: string, options: Named<P> = {}) {
  checkKeys('shared', options, NAMED)
  if (typeof of !== 'string') throw new HebbError('option', 'shared takes the name of an earlier layer')
  return { type: 'shared' as const, ...named('shared', options), of }
}
