// Trains the recipe in Node, before the browser does: the browser must come to the same weights.
import { init, shutdown } from 'hebb'
import type { TestProject } from 'vitest/node'
import { trainRecipe } from '../recipe'

declare module 'vitest' {
  export interface ProvidedContext {
    recipe: { accuracy: number; sha256: string }
  }
}

export default async function setup(project: TestProject) {
  await init({ simd: 'simd128' })
  project.provide('recipe', await trainRecipe())
  await shutdown()
}
