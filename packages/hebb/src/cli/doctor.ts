import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { init, memory } from 'hebb'
import { doctor as stagesOf } from '../doctor'
import { type Report, rows } from './report'

/** The recipe of ImageNet's networks. */
const IMAGENET = { resize: 256, crop: 224, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }

/** What this machine gives to the engine; or the checksums of an image's stages on its way into a network. */
export async function doctor(image: string | undefined, options: { recipe?: object }): Promise<Report> {
  if (image !== undefined) {
    const stages = await stagesOf(image, options.recipe ?? IMAGENET)
    const line = ({ stage, sha256, shape }: (typeof stages)[number]) =>
      `${stage.padEnd(8)} ${sha256} [${shape.join(', ')}]`
    return { json: { image, stages }, text: stages.map(line).join('\n') }
  }
  const engine = await init()
  const { wasm } = await memory()
  const json = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model,
    cores: availableParallelism(),
    memory: { total: totalmem(), free: freemem(), engine: wasm, engineMost: engine.maxMemory },
    threads: engine.threads,
    simd: engine.simd,
    isolated: engine.isolated,
    reason: engine.reason,
  }
  const mebibytes = (bytes: number | undefined) => bytes && `${Math.round(bytes / 2 ** 20)} MiB`
  return {
    json,
    text: rows({
      Node: json.node,
      platform: json.platform,
      processor: json.processor,
      cores: json.cores,
      'memory, free': mebibytes(json.memory.free),
      'memory, all': mebibytes(json.memory.total),
      'engine: memory, at most': mebibytes(engine.maxMemory),
      'engine: threads': engine.threads,
      'engine: vectors': engine.simd,
      'engine: shared memory': engine.isolated ? 'yes' : 'no',
      'engine: what it lacks': engine.reason || 'nothing',
    }),
  }
}
