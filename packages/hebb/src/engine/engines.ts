// The running engines: each kind at most once, all with the options of `init`.
import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { Engine, type EngineInfo, type InitOptions } from './engine'
import { CLASSIC, type Kind, NETWORKS } from './kinds'
import type { CoreMethods, Memory } from './protocol'

interface Running {
  started: Promise<Engine<never>>
  /** It, once it has started. */
  engine?: Engine<never>
}

const engines = new Map<Kind<never>, Running>()
let given: InitOptions = {}

/** The running engine of a kind. If there is none it is started; after an engine that died with the same options. */
function running<M extends CoreMethods>(kind: Kind<M>, options = given): Promise<Engine<M>> {
  const key = kind as unknown as Kind<never>
  let known = engines.get(key)
  if (!known || known.engine?.lost) {
    const before = given
    const starting: Running = { started: Engine.start(kind, options) as Promise<Engine<never>> }
    known = starting
    engines.set(key, starting)
    given = options
    starting.started.then(
      (engine) => {
        starting.engine = engine
      },
      () => {
        if (engines.get(key) !== starting) return
        engines.delete(key)
        given = before
      },
    )
  }
  return known.started as unknown as Promise<Engine<M>>
}

/** The engine of networks and data sets. */
export const networkEngine = () => running(NETWORKS)

/** The engine of the classical models. */
export const classicEngine = () => running(CLASSIC)

/** The place of the decoder of image files, if the program names one. */
export const imagesPlace = () => given.images

/**
 * Starts the engine of networks and data sets; without it the first call does. The engine of the classical models, which
 * starts when it is first used, takes the same options. A second call reports the running engine; other options need a
 * {@link shutdown} first. If the engine dies (`engineLost`), the next call starts one with the same options.
 *
 * @throws HebbError `option`, `engine`, `memory`
 */
export async function init(options: InitOptions = {}): Promise<EngineInfo> {
  const keys = [
    'threads',
    'simd',
    'maxMemory',
    'thread',
    'wasm',
    'worker',
    'classic',
    'images',
    'timeout',
  ] as const
  checkKeys('init', options, [...keys])
  const differs = keys.some((key) => options[key] !== undefined && options[key] !== given[key])
  if (differs && [...engines.values()].some(({ engine }) => !engine?.lost)) {
    throw new HebbError('option', 'the engine runs already: call shutdown() before init() with other options')
  }
  const { info, pool } = await running(NETWORKS, Object.keys(options)[0] ? options : given)
  await pool
  return info
}

/** Ends the engines with all networks, data sets and memories. The next call starts a new engine. */
export async function shutdown(): Promise<void> {
  const ending = [...engines.values()]
  engines.clear()
  given = {}
  for (const { started } of ending) {
    const engine = await started.catch(() => undefined)
    engine?.end('engineLost', 'the engine was shut down')
  }
}

/** The memory use of all running engines. */
export async function memory(): Promise<Memory> {
  const sum: Memory = { wasm: 0, held: 0, networks: 0, datasets: 0 }
  for (const { engine } of engines.values()) {
    if (!engine || engine.lost) continue
    const held = await (engine as unknown as Engine<CoreMethods>).ask('memory', [])
    for (const key of Object.keys(sum) as (keyof Memory)[]) sum[key] += held[key]
  }
  return sum
}
