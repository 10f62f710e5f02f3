// The selftest artifacts: WebAssembly with the kernels' own tests.
export interface Selftest {
  initSync(options: { module: WebAssembly.Module; memory?: WebAssembly.Memory }): unknown
  startThreads(threads: number): void
  selftestNames(): string
  selftest(name: string, seed: number): string
  selftestFixtures(json: string): string
}

/** Runs every kernel's test with many seeds, and every fixture, on the threads that were started. Returns the failures. */
export function runSelftest(glue: Selftest, fixtures: readonly string[]): string[] {
  const failures: string[] = []
  for (const name of JSON.parse(glue.selftestNames()) as string[]) {
    for (let seed = 0; seed < 60; seed++) failures.push(glue.selftest(name, seed))
  }
  for (const json of fixtures) failures.push(glue.selftestFixtures(json))
  return failures.filter((failure) => failure !== '')
}
