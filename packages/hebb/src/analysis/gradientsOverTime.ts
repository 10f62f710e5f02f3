import { HebbError } from '../errors'
import type { Layer } from '../layers'
import type { LossOption } from '../losses'
import { Network } from '../network/network'
import { checkKeys } from '../options'
import { type Input, type Output, type Tensor, toTensor, toVector } from '../tensor'

/** A recurrent layer of a spec. */
type Recurrent = Extract<Layer, { type: 'rnn' | 'gru' | 'lstm' }>
const isRecurrent = (layer: Layer): layer is Recurrent => ['rnn', 'gru', 'lstm'].includes(layer.type)

/** The parameter that holds a state if it is learned: `memory.l1.c` of the layer `memory` is `memory.initial_c_l1`. */
function parameterOf(state: string, layers: readonly string[]): string {
  const layer = layers.find((name) => state === name || state.startsWith(`${name}.`))!
  const [, level = '0', c] = /^(?:\.l(\d+))?(\.c)?$/.exec(state.slice(layer.length)) ?? []
  return `${layer}.initial_${c ? 'c' : 'h'}_l${level}`
}

/**
 * How much the error after the last time step depends on the state before each one: the norms ‖∂E/∂h(t−1)‖ of
 * backpropagation through time for t = 0, …, T−1, by the names of the states (`<layer>`, and `<layer>.c` of an LSTM). Where they
 * fall to nothing the gradient vanishes: what the network read earlier can't be learned. Where they grow with every step back it
 * explodes: clip it. The network does not change.
 *
 * `x` is one sequence `[T, features]` of any length T, and `target` that of the answer after it, as in a data set of one sample:
 * a class number, or the values. If the network answers for each time step, the last answer counts; give the first t + 1 time
 * steps for that at t. The layers before and behind the recurrent ones must treat time steps alike, and be no dropout.
 *
 * @example const { memory } = await gradientsOverTime(net, sequence, 3)
 * @throws HebbError `option` for other networks; `shape`, `data`
 */
export async function gradientsOverTime(
  net: Network,
  x: Input,
  target: number | ArrayLike<number>,
  options: { loss?: LossOption } = {},
): Promise<Record<string, Float64Array>> {
  const who = 'gradientsOverTime'
  if (!(net instanceof Network)) throw new HebbError('option', `${who} takes a network, x and its target`)
  checkKeys(who, options, ['loss'])
  const { inputs, states, layers } = net.description
  const features = inputs[0]![1].at(-1)!
  const recurrent = net.spec.layers.filter(isRecurrent)
  const names = layers.map(({ name }) => name)
  if (inputs.length > 1 || net.outputs.length > 1 || recurrent.length === 0) {
    throw new HebbError('option', `${who} needs a network with one input, one output and a recurrent layer`)
  }
  const forward = recurrent.every(({ direction = 'forward' }) => direction === 'forward')
  const drops =
    recurrent.some(({ dropout }) => dropout) || net.spec.layers.some(({ type }) => type === 'dropout')
  if (!forward || drops) {
    throw new HebbError('option', `${who} needs a network that reads forward only, and without dropout`)
  }
  const sequence = toTensor(x)
  const steps = sequence.shape[0] ?? 0
  if (sequence.shape.length !== 2 || sequence.shape[1] !== features || sequence.data instanceof Uint8Array) {
    throw new HebbError(
      'shape',
      `${who} takes one sequence [T, ${features}] of numbers, got [${sequence.shape}]`,
    )
  }
  const answer = typeof target === 'number' ? [target] : [Array.from(toVector(who, 'target', target))]
  const all = sequence.data
  const rest = (t: number) => ({ data: all.slice(t * features), shape: [steps - t, features] })

  /** The same network for other time steps, with the last answer only, and with states that have gradients. */
  const made = async (T: number) => {
    const last = recurrent.at(-1)
    const own = net.spec.layers.map((layer): Layer => {
      if (!isRecurrent(layer)) return layer
      const learned = { ...layer, initialState: 'learned' } as const
      return layer === last ? { ...learned, returns: 'last' } : learned
    })
    return Network.create({ ...net.spec, input: [T, features], layers: own })
  }
  const weights = await net.weights()
  const parameters = states.map(({ name }) => parameterOf(name, names))
  // h(−1): learned, or zeros.
  let before: Record<string, Tensor> = Object.fromEntries(
    states.map(({ name, features }, i) => {
      const zeros = { data: new Float32Array(features), shape: [features] }
      return [name, weights[parameters[i]!] ?? zeros]
    }),
  )
  const norms = Object.fromEntries(states.map(({ name }) => [name, new Float64Array(steps)]))
  const one = await made(1)
  try {
    await one.setWeights(weights, { partial: true })
    for (let t = 0; t < steps; t++) {
      const tail = await made(steps - t)
      try {
        const start = states.map(({ name }, i) => [parameters[i]!, before[name]!] as const)
        await tail.setWeights({ ...weights, ...Object.fromEntries(start) })
        const { data, shape } = rest(t)
        const { gradients } = await tail.gradients({ data, shape: [1, ...shape] }, answer, options)
        states.forEach(({ name }, i) => {
          norms[name]![t] = Math.hypot(...gradients[parameters[i]!]!.data)
        })
      } finally {
        tail.dispose()
      }
      const next = { data: all.slice(t * features, (t + 1) * features), shape: [1, features] }
      before = (await one.predict(next, { state: before })).state as Record<string, Output>
    }
  } finally {
    one.dispose()
  }
  return norms
}
