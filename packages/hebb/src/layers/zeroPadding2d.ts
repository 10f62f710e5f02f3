import { HebbError } from '../errors'
import { checkKeys } from '../options'
import {
  NAMED,
  type Named,
  type NamedLayer,
  named,
  type Origin,
  type Padding,
  type Reads,
  type Sides,
  sides,
} from './common'

export interface ZeroPadding2dOptions<P extends Origin = Origin> extends Named<P> {
  /** A number, `[h, w]` or `[[top, bottom], [left, right]]`. */
  padding: Exclude<Padding, 'same'>
}

/** A {@link zeroPadding2d} layer. */
export interface ZeroPadding2dLayer extends NamedLayer {
  type: 'zeroPadding2d'
  padding: Exclude<Sides, 'same'>
}

/** Adds zeros around an image: `[C, H, W]` → `[C, top + H + bottom, left + W + right]`. */
export function zeroPadding2d<const P extends Origin = never>(
  options: ZeroPadding2dOptions<P>,
): ZeroPadding2dLayer & Reads<P> {
  const who = 'zeroPadding2d'
  checkKeys(who, options, ['padding', ...NAMED])
  const padding = sides(who, options.padding)
  if (padding === 'same') throw new HebbError('option', `${who}: padding must be given in numbers`)
  return { type: 'zeroPadding2d', ...named(who, options), padding }
}
