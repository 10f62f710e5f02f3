/** See onnxCase.mjs. */
export interface Case {
  model: Uint8Array
  inputs: Uint8Array[]
  outputs: Uint8Array[]
}
export function runCase(
  one: Case,
  tolerance?: { rtol: number; atol: number },
): Promise<{ passes?: true; refused?: string; wrong?: string }>
