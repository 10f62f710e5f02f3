// One folder for the built playground in a run of the tests: the first file that needs the pages builds them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    builtPages: string
  }
}

export default function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'hebb-playground-'))
  project.provide('builtPages', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
