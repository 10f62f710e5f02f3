/** See onnxFuzz.mjs. */
export function fuzz(options: { seed: number; seconds?: number; count?: number }): Promise<{
  files: number
  loaded: number
  refused: number
  slowestMs: number
  memoryMB: number
  failures: [string, string][]
}>
