/** See kerasFuzz.mjs. */
import type { Fuzzed, Limits } from './fuzz.d.mts'

export function fuzzKeras(options: Limits): Promise<Fuzzed>
