// The notation of layers: `conv 8 5 relu, maxpool 2, dense 32 tanh`.
import { InvalidArgumentError } from 'commander'
import { averagePool2d, batchNorm, conv2d, dense, dropout, flatten, type Layer, maxPool2d } from 'hebb'
import { positive, whole } from './arguments'

/** The activations that have names of their own. */
const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'silu', 'softplus', 'leakyRelu'] as const
type Activation = (typeof ACTIVATIONS)[number]

interface Kind {
  /** How it is written. */
  usage: string
  /** Whether an activation may be its last word. */
  activated?: true
  readers: ((text: string) => number)[]
  make(numbers: number[], activation: Activation | undefined): Layer
}

const or = (activation: Activation | undefined) => (activation ? { activation } : {})

const KINDS: Record<string, Kind> = {
  dense: {
    usage: 'dense UNITS [ACTIVATION]',
    activated: true,
    readers: [whole(1)],
    make: ([units], activation) => dense({ units: units!, ...or(activation) }),
  },
  conv: {
    usage: 'conv FILTERS KERNEL [ACTIVATION]',
    activated: true,
    readers: [whole(1), whole(1)],
    make: ([filters, kernel], activation) =>
      conv2d({ filters: filters!, kernel: kernel!, ...or(activation) }),
  },
  maxpool: {
    usage: 'maxpool KERNEL',
    readers: [whole(1)],
    make: ([kernel]) => maxPool2d({ kernel: kernel! }),
  },
  avgpool: {
    usage: 'avgpool KERNEL',
    readers: [whole(1)],
    make: ([kernel]) => averagePool2d({ kernel: kernel! }),
  },
  dropout: { usage: 'dropout RATE', readers: [positive(1)], make: ([rate]) => dropout({ rate: rate! }) },
  batchnorm: { usage: 'batchnorm', readers: [], make: () => batchNorm() },
  flatten: { usage: 'flatten', readers: [], make: () => flatten() },
}

/** Its words, for `--help`. */
export const NOTATION = `${Object.values(KINDS)
  .map(({ usage }) => usage)
  .join(', ')}; an ACTIVATION is ${ACTIVATIONS.join(', ')}`

/** The layers of a text, by commas. */
export function layers(text: string): Layer[] {
  return text.split(',').map((one) => {
    const [name = '', ...words] = one.trim().split(/\s+/)
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
    if (!kind) {
      throw new InvalidArgumentError(
        `There is no layer "${name}"; known are ${Object.keys(KINDS).join(', ')}.`,
      )
    }
    const { usage, readers, activated, make } = kind
    const activation = ACTIVATIONS.find((activation) => activation === words.at(-1))
    const numbers = activation && activated ? words.slice(0, -1) : words
    if (numbers.length !== readers.length) {
      throw new InvalidArgumentError(
        `"${one.trim()}" is not ${usage}${activated ? `; an ACTIVATION is ${ACTIVATIONS.join(', ')}` : ''}.`,
      )
    }
    try {
      return make(
        numbers.map((number, i) => readers[i]!(number)),
        activation,
      )
    } catch (error) {
      throw new InvalidArgumentError(`"${one.trim()}": ${(error as Error).message}`)
    }
  })
}

/** Layers that take samples of a shape: before the first one for features, images become features. */
export function fitted(all: readonly Layer[], input: readonly number[]): Layer[] {
  const flat = all.findIndex(({ type }) => type === 'flatten' || type === 'dense')
  if (input.length === 1 || all[flat]?.type === 'flatten') return [...all]
  return [...all.slice(0, flat), flatten(), ...all.slice(flat)]
}
