import { bytesOf, nameOf, type Source } from '../data/formats/source'
import { HebbError } from '../errors'
import { parseSafetensors } from '../interop/safetensors'

/**
 * Reads a model from a safetensors file: its type, one of some, and its options, which are in the metadata under `key`. What
 * fails is said by `damaged`.
 */
export async function readSaved<T extends string>(
  source: Source,
  what: string,
  key: string,
  types: readonly T[],
) {
  const damaged = (why: string): never => {
    throw new HebbError('file', `this file holds no ${what}: ${why}`)
  }
  const { tensors, metadata } = parseSafetensors(await bytesOf(source, nameOf(source, `the ${what}`)))
  let saved: { type?: T; options?: Record<string, unknown> }
  try {
    saved = JSON.parse(metadata[key] ?? '')
  } catch {
    return damaged('its metadata has none')
  }
  const { type, options } = saved ?? {}
  if (!options || !types.includes(type!)) return damaged('its description is damaged')
  const vector = (name: string) => new Float64Array(tensors[name]?.data ?? [])
  return { type: type!, options, vector, damaged }
}
