import type { Source } from '../data/formats/source'
import { toJson } from '../errors'
import { Held, type KernelMachine } from './kernelMachine'
import { kernelPerceptron } from './kernelPerceptron'
import { kernelRidge } from './kernelRidge'
import type { Kernel } from './kernels'
import { nystrom } from './nystrom'
import { readSaved } from './saved'

const MAKERS = { kernelPerceptron, kernelRidge, nystrom }

/**
 * Loads a trained kernel machine from a file, a URL or the bytes of `toBytes()`. What was said of its training is not kept.
 *
 * @throws HebbError `file`
 */
export async function loadKernelMachine(source: Source): Promise<KernelMachine> {
  const types = Object.keys(MAKERS) as (keyof typeof MAKERS)[]
  const { type, options, vector } = await readSaved(source, 'kernel machine', 'machine', types)
  const [points, alphas, biases] = [vector('points'), vector('alphas'), vector('biases')]
  const centers = type === 'nystrom' ? { centers: 1 } : {}
  const machine = MAKERS[type]({ ...options, ...centers } as never)
  const owner = await machine.owner()
  const json = toJson('loadKernelMachine', machine.spec)
  const id = await owner.ask('kernelGiven', [json, machine.inputs, points, alphas, biases])
  const { sigma } = options.kernel as Kernel & { sigma?: number }
  machine.keep(new Held(owner, id), { sigma, warning: undefined }, biases.length)
  return machine
}
