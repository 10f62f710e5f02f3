import type { Source } from '../data/formats/source'
import { classicEngine } from '../engine/engines'
import { type DenseMemory, type DenseMemoryOptions, denseMemory } from './denseMemory'
import { type Hopfield, type HopfieldOptions, hopfield } from './hopfield'
import { readSaved } from './saved'

/** Loads a Hopfield network or a dense memory from a file, a URL or the bytes of `toBytes()`. */
export async function loadMemory(source: Source): Promise<Hopfield | DenseMemory> {
  const types = ['hopfield', 'denseMemory'] as const
  const { type, options, vector, damaged } = await readSaved(source, 'memory', 'memory', types)
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
