/** See onnxFuzz.mjs. */
import type { Fuzzed, Limits } from './fuzz.d.mts'

export function fuzzOnnx(options: Limits): Promise<Fuzzed>
