import { bytesOf, nameOf, type Source } from '../data/formats/source'
import { HebbError, toJson } from '../errors'
import { parseSafetensors } from '../interop/safetensors'
import { Held, type KernelMachine } from './kernelMachine'
import { kernelPerceptron } from './kernelPerceptron'
import { kernelRidge } from './kernelRidge'
import type { Kernel } from './kernels'
import { nystrom } from './nystrom'

const MAKERS = { kernelPerceptron, kernelRidge, nystrom }

const damaged = (why: string): never => {
  throw new HebbError('file', `this file holds no kernel machine: ${why}`)
}

/**
 * Loads a trained kernel machine from a file, a URL or the bytes of `toBytes()`. What was said of its training is not kept.
 *
 * @throws HebbError `file`
 */
export async function loadKernelMachine(source: Source): Promise<KernelMachine> {
  const name = nameOf(source, 'the kernel machine')
  const { tensors, metadata } = parseSafetensors(await bytesOf(source, name))
  let saved: { type?: string; options?: { inputs: number; kernel: Kernel } }
  try {
    saved = JSON.parse(metadata.machine ?? '')
  } catch {
    return damaged('its metadata has none')
  }
  const { type, options } = saved ?? {}
  if (!options || typeof type !== 'string' || !Object.hasOwn(MAKERS, type))
    return damaged('its description is damaged')
  const vector = (name: string) => new Float64Array(tensors[name]?.data ?? [])
  const [points, alphas, biases] = [vector('points'), vector('alphas'), vector('biases')]
  const centers = type === 'nystrom' ? { centers: 1 } : {}
  const machine = MAKERS[type as keyof typeof MAKERS]({ ...options, ...centers } as never)
  const { inputs, kernel } = options
  const owner = await machine.owner()
  const json = toJson('loadKernelMachine', machine.spec)
  const id = await owner.ask('kernelGiven', [json, inputs, points, alphas, biases])
  const sigma = kernel.kind === 'rbf' ? (kernel.sigma as number) : undefined
  machine.keep(new Held(owner, id), { sigma, warning: undefined }, biases.length)
  return machine
}
