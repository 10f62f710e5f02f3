// Layers without arithmetic.
import { HebbError } from '../errors'
import { checkKeys, checkWhole } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

/** A {@link flatten} layer. */
export interface FlattenLayer extends NamedLayer {
  type: 'flatten'
}

/** A {@link reshape} layer. */
export interface ReshapeLayer<S extends readonly number[] = readonly number[]> extends NamedLayer {
  type: 'reshape'
  shape: S
}

/** A {@link permute} layer. */
export interface PermuteLayer<A extends readonly number[] = readonly number[]> extends NamedLayer {
  type: 'permute'
  axes: A
}

/** A {@link shared} layer. */
export interface SharedLayer extends NamedLayer {
  type: 'shared'
  of: string
}

/** `[C, H, W]` → `[C·H·W]`, `[T, features]` → `[T·features]`. */
export function flatten<const P extends Origin = never>(options: Named<P> = {}): FlattenLayer & Reads<P> {
  checkKeys('flatten', options, NAMED)
  return { type: 'flatten', ...named('flatten', options) }
}

/** Gives the values another shape, `[features]`, `[T, features]` or `[C, H, W]`. */
export function reshape<
  const S extends readonly [number] | readonly [number, number] | readonly [number, number, number],
  const P extends Origin = never,
>(shape: S, options: Named<P> = {}): ReshapeLayer<S> & Reads<P> {
  checkKeys('reshape', options, NAMED)
  if (!Array.isArray(shape) || shape.length < 1 || shape.length > 3) {
    throw new HebbError('option', 'reshape takes a shape [features], [T, features] or [C, H, W]')
  }
  shape.forEach((n) => void checkWhole('reshape', 'each size', n, 1))
  return { type: 'reshape', ...named('reshape', options), shape }
}

/**
 * Puts the axes of a sample in another order: `permute([1, 0])` makes `[features, T]` of `[T, features]`, and `permute([2, 0, 1])`
 * makes `[T, C, 1]` of `[C, 1, T]`, so that after a reshape a recurrent layer reads what a convolution over time wrote.
 *
 * @param axes for each axis of the output the axis of the input, from 0; the batch is none of them
 */
export function permute<
  const A extends readonly [number, number] | readonly [number, number, number],
  const P extends Origin = never,
>(axes: A, options: Named<P> = {}): PermuteLayer<A> & Reads<P> {
  checkKeys('permute', options, NAMED)
  const whole = Array.isArray(axes) && [...axes].sort((a, b) => a - b).every((axis, at) => axis === at)
  if (!whole || axes.length < 2 || axes.length > 3) {
    throw new HebbError('option', 'permute takes each axis once, from 0: [1, 0], or three such as [2, 0, 1]')
  }
  return { type: 'permute', ...named('permute', options), axes }
}

/**
 * Applies an earlier layer again, with the same weights: `shared('conv1', { from: 'right' })`. The gradient of the weights
 * is the sum over all uses.
 */
export function shared<const P extends Origin = never>(
  of: string,
  options: Named<P> = {},
): SharedLayer & Reads<P> {
  checkKeys('shared', options, NAMED)
  if (typeof of !== 'string') throw new HebbError('option', 'shared takes the name of an earlier layer')
  return { type: 'shared', ...named('shared', options), of }
}
