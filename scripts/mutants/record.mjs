// Vitest's setup file: switches a mutant on before each test file, or records which tests reach which mutants.
import { appendFileSync } from 'node:fs'
import { afterAll, beforeEach, inject } from 'vitest'

const { mutant, hitLimit, record } = inject('mutants')
const state = { activeMutant: mutant, hitLimit, hitCount: hitLimit && 0 }
globalThis.__stryker__ = state
// The engine's worker has separate globals, but inherits the environment.
if (mutant !== undefined) process.env.__STRYKER_ACTIVE_MUTANT__ = mutant

/** A test's name in the form that vitest matches patterns against. */
const fullName = (task) => `${task.suite ? `${fullName(task.suite)} ` : ''}${task.name}`

if (record) {
  let file
  beforeEach(({ task }) => {
    file = task.file.filepath
    state.currentTestId = fullName(task)
  })
  afterAll(() => {
    if (state.mutantCoverage) appendFileSync(record, `${JSON.stringify({ file, ...state.mutantCoverage })}\n`)
  })
}
