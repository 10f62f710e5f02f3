import type { KernelSpec } from '../engine/classicProtocol'
import { classicEngine } from '../engine/engines'
import { HebbError, toJson } from '../errors'
import { checkKeys, checkNumber, checkWhole, refuse } from '../options'
import { type Input, toDoubles } from '../tensor'

/** A kernel: a plain object, as one of {@link kernels} returns it. */
export type Kernel =
  | { kind: 'rbf'; sigma: number | 'median' }
  | { kind: 'linear' }
  | { kind: 'polynomial'; degree: number; scale: number; constant: number }
  | { kind: 'multiquadric'; constant: number }
  | { kind: 'inverseMultiquadric'; constant: number }

/** Kernels K(x, x′): the product φ(x)·φ(x′) after a mapping φ that is never computed. */
export const kernels = {
  /**
   * exp(−‖x − x′‖²/2σ²). σ is a number or the median of the distances between samples (`median`, default).
   *
   * @throws HebbError `option`
   */
  rbf: (options?: { sigma?: number | 'median' }): Kernel => make('rbf', { sigma: 'median' }, options),

  /** x·x′. */
  linear: (options?: Record<never, never>): Kernel => make('linear', {}, options),

  /** (s·x·x′ + c)^d, with `degree` d (default 2), `scale` s (default 1) and `constant` c (default 1). */
  polynomial: (options?: { degree?: number; scale?: number; constant?: number }): Kernel =>
    make('polynomial', { degree: 2, scale: 1, constant: 1 }, options),

  /** √(‖x − x′‖² + c²), with `constant` c (default 1). It is no product of a mapping: its Gram matrices are indefinite. */
  multiquadric: (options?: { constant?: number }): Kernel => make('multiquadric', { constant: 1 }, options),

  /** 1/√(‖x − x′‖² + c²), with `constant` c (default 1). */
  inverseMultiquadric: (options?: { constant?: number }): Kernel =>
    make('inverseMultiquadric', { constant: 1 }, options),
}

/** A kernel with its options, checked, or those of `usual`. */
function make(kind: Kernel['kind'], usual: Record<string, unknown>, options: object = {}): Kernel {
  const who = `kernels.${kind}`
  checkKeys(who, options, Object.keys(usual))
  const kernel: Record<string, unknown> = { kind }
  for (const key of Object.keys(usual)) {
    const value = (options as typeof usual)[key] ?? usual[key]
    const least = kind === 'polynomial' && key === 'constant' ? 0 : Number.MIN_VALUE
    if (key === 'degree') checkWhole(who, key, value, 1, 1000)
    else if (value !== usual[key])
      checkNumber(
        who,
        key,
        value,
        (number) => number >= least,
        `finite and ${least ? 'above' : 'at least'} 0`,
      )
    kernel[key] = value
  }
  return kernel as unknown as Kernel
}

/** @internal Checks a kernel, and returns it as the engine expects it. */
export function toKernel(who: string, kernel: unknown): KernelSpec {
  const kind = (kernel as Kernel | undefined)?.kind
  if (typeof kernel !== 'object' || typeof kind !== 'string' || !Object.hasOwn(kernels, kind)) {
    return refuse(who, 'kernel', 'one of kernels, such as kernels.rbf()', kernel)
  }
  const { kind: _, ...options } = kernel as Kernel
  const checked = kernels[kind](options as never)
  return 'sigma' in checked && checked.sigma === 'median' ? { kind } : (checked as KernelSpec)
}

/** Samples `[N, features]`, or `[N]` of one value each. */
function toRows(input: Input): { data: Float64Array; samples: number; features: number } {
  const { data, shape } = toDoubles(input)
  const samples = shape[0]!
  return { data, samples, features: data.length / samples }
}

/** The values of a kernel between samples. */
export interface Gram {
  data: Float64Array
  /** `[samples of x, samples of y]`. */
  shape: readonly [number, number]
  /** σ of a radial basis kernel. */
  sigma: number | undefined
}

/**
 * The Gram matrix: the kernel between each sample of x and each of y, or of x if y is left out. Samples far from the origin
 * lose no digits of their distances.
 *
 * @example const { data } = await gram(kernels.rbf({ sigma: 1 }), [[0, 0], [3, 4]])
 * @throws HebbError `option`, `shape`, `data`
 */
export async function gram(kernel: Kernel, x: Input, y?: Input): Promise<Gram> {
  const spec = toKernel('gram', kernel)
  const a = toRows(x)
  const b = y === undefined ? { ...a, data: new Float64Array() } : toRows(y)
  if (a.features !== b.features) {
    throw new HebbError(
      'shape',
      `gram: the samples must have equally many values, got ${a.features} and ${b.features}`,
    )
  }
  const owner = await classicEngine()
  const { data, sigma } = await owner.ask('kernelGram', [toJson('gram', spec), a.data, b.data, a.features])
  return { data, shape: [a.samples, b.samples], sigma }
}

/**
 * φ(x) of each sample, `[N, features of φ]`, whose products are the kernel: of a polynomial kernel all of it, of a radial basis
 * kernel with a number as σ the part up to `degree`, because all of it has no end.
 *
 * @example await lift(kernels.polynomial({ degree: 2, constant: 0 }), [[3, 5]]) // the last three: 9, 15√2, 25
 * @throws HebbError `option`, `shape`, `data`
 */
export async function lift(
  kernel: Kernel,
  x: Input,
  options: { degree?: number } = {},
): Promise<{ data: Float64Array; shape: readonly [number, number] }> {
  checkKeys('lift', options, ['degree'])
  const spec = toKernel('lift', kernel)
  const isRadial = spec.kind === 'rbf'
  if (!isRadial && options.degree !== undefined) {
    throw new HebbError('option', 'lift: a polynomial kernel has its own degree: leave out degree')
  }
  const degree = isRadial ? checkWhole('lift', 'degree', options.degree, 0, 1000) : 0
  const { data, samples, features } = toRows(x)
  const owner = await classicEngine()
  const all = await owner.ask('kernelFeatures', [toJson('lift', spec), degree, data, features])
  return { data: all, shape: [samples, all.length / samples] }
}
