/** See fuzz.mjs. */
export interface Limits {
  seed: number
  seconds?: number
  count?: number
}
export interface Fuzzed {
  files: number
  loaded: number
  refused: number
  slowestMs: number
  memoryMB: number
  failures: [string, string][]
}
