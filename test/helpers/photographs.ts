// Photographs by Pillow and torchvision, and what Hebb makes of them.
import { datasets, type PreprocessingOptions } from 'hebb'
import { doctor } from '../../packages/hebb/dist/doctor.js'
import fixture from '../fixtures/torchvision/photographs.json'

interface Expected {
  recipe: PreprocessingOptions
  stages: Record<string, string>
}

/** The names of the photographs. */
export const photographs = fixture.cases.map(({ name }) => name)

/** The SHA-256 of every stage of a photograph by every recipe: ours, and what it must be. */
export async function stagesOf(name: string) {
  const { file, expected } = fixture.cases.find((one) => one.name === name)!
  const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0))
  return Promise.all(
    (expected as Expected[]).map(async ({ recipe, stages }) => {
      const own = await doctor(bytes, recipe)
      const { data, shape } = await datasets.prepare(bytes, recipe)
      const digest = await crypto.subtle.digest('SHA-256', data as Float32Array<ArrayBuffer>)
      const prepared = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(
        '',
      )
      return {
        own: { ...Object.fromEntries(own.map(({ stage, sha256 }) => [stage, sha256])), prepared },
        expected: { ...stages, prepared: stages.tensor },
        shapes: [shape, own.at(-1)!.shape],
      }
    }),
  )
}
