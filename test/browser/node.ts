// Trains the recipe in Node before the browser does: the browser must get the same weights.
import { init, shutdown } from 'hebb'
import type { TestProject } from 'vitest/node'
import { type Fingerprints, trainBatches, trainRecipe } from '../helpers/recipe'

declare module 'vitest' {
  export interface ProvidedContext {
    recipe: { accuracy: number; sha256: string }
    batches: Record<'simd128' | 'relaxed', Fingerprints | undefined>
  }
}

export default async function setup(project: TestProject) {
  const relaxed = (await init()).simd === 'relaxed'
  const batches = { relaxed: relaxed ? await trainBatches() : undefined }
  await shutdown()
  await init({ simd: 'simd128' })
  project.provide('recipe', await trainRecipe())
  project.provide('batches', { ...batches, simd128: await trainBatches() })
  await shutdown()
}
