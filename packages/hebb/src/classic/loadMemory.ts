import { bytesOf, nameOf, type Source } from '../data/formats/source'
import { classicEngine } from '../engine/engines'
import { HebbError } from '../errors'
import { parseSafetensors } from '../interop/safetensors'
import { type DenseMemory, type DenseMemoryOptions, denseMemory } from './denseMemory'
import { type Hopfield, type HopfieldOptions, hopfield } from './hopfield'

const damaged = (why: string): never => {
  throw new HebbError('file', `this file holds no memory: ${why}`)
}

/** Loads a Hopfield network or a dense memory from a file, a URL or the bytes of `toBytes()`. */
export async function loadMemory(source: Source): Promise<Hopfield | DenseMemory> {
  const { tensors, metadata } = parseSafetensors(await bytesOf(source, nameOf(source, 'the memory')))
  let saved: { type?: string; options?: Record<string, unknown> }
  try {
    saved = JSON.parse(metadata.memory ?? '')
  } catch {
    return damaged('its metadata has none')
  }
  const { type, options } = saved ?? {}
  if (!options || (type !== 'hopfield' && type !== 'denseMemory'))
    return damaged('its description is damaged')
  const vector = (name: string) => new Float64Array(tensors[name]?.data ?? [])
  const patterns = vector('patterns')
  if (type === 'denseMemory') {
    const { values, ...rest } = options
    const own = values === 'real' ? { ...rest, degree: 'softmax' } : options
    const memory = denseMemory(own as never as DenseMemoryOptions)
    if (patterns.length === 0 || patterns.length % memory.units) return damaged('its patterns are damaged')
    return memory.store({ data: patterns, shape: [patterns.length / memory.units, memory.units] })
  }
  const memory = hopfield(options as never as HopfieldOptions)
  const owner = await classicEngine()
  // The thresholds of the file take the place of those of the options.
  const json = memory.json({ thresholds: undefined })
  const args = [json, vector('weights'), patterns, vector('thresholds')] as const
  memory.keep(owner, await owner.ask('memoryNetwork', [...args]), patterns)
  return memory
}
