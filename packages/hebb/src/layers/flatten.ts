import { checkKeys } from '../options'
import { type Named, named } from './common'

/** `[C, H, W]` → `[C·H·W]`. */
export function flatten(options: Named = {}) {
  checkKeys('flatten', options, ['name'])
  return { type: 'flatten' as const, ...named(options) }
}
