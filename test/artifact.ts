// The selftest artifacts: WebAssembly that carries the kernels' own tests.
export interface Selftest {
  initSync(options: { module: WebAssembly.Module }): unknown
  startThreads(threads: number): void
  selftestNames(): string
  selftest(name: string, seed: number): string
  selftestFixtures(json: string): string
}

/** Runs every kernel's test over many seeds, and every fixture; answers with what failed. */
export function runSelftest(
  glue: Selftest,
  module: WebAssembly.Module,
  fixtures: readonly string[],
): string[] {
  glue.initSync({ module })
  glue.startThreads(1)
  const failures: string[] = []
  for (const name of JSON.parse(glue.selftestNames()) as string[]) {
    for (let seed = 0; seed < 60; seed++) failures.push(glue.selftest(name, seed))
  }
  for (const json of fixtures) failures.push(glue.selftestFixtures(json))
  return failures.filter((failure) => failure !== '')
}
