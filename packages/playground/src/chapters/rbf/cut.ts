// The radial basis kernel as a polynomial, cut off after a degree.
import { effect, signal } from '@preact/signals'
import { kernels, lift } from 'hebb'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, remembered } from '../../page/url'
import { RANGES } from './samples'

const [FROM, TO] = RANGES.curve.x
export const MOST_DEGREE = 100
/** The degrees that are looked through. */
const LOOKED = 1000
/** How much of the kernel a polynomial may lack. */
const LACK = 0.01

export const width = remembered('kernel', 1, numeric(0.03, 10))
export const degree = remembered('degree', 2, numeric(0, MOST_DEGREE, true))
export const center = remembered('center', 1, numeric(FROM, TO))
/** Where both are drawn. */
export const PLACES = Array.from({ length: 181 }, (_, i) => FROM + (i / 180) * (TO - FROM))

export interface Cut {
  sigma: number
  degree: number
  /** K(x, c), and the same without the powers above the degree, at each place. */
  kernel: readonly number[]
  polynomial: readonly number[]
  /** The least degree that gives all but a hundredth of K(x, x) at the edge of the figure; undefined above 1000. */
  needed: number | undefined
}
export const shown = signal<Cut | undefined>(undefined)

const compute = single(() =>
  guarded(async () => {
    const [sigma, most, c] = [width.value, degree.value, center.value]
    const kernel = kernels.rbf({ sigma })
    // φ(x)·φ(c): the last row is φ(c).
    const { data, shape } = await lift(
      kernel,
      [...PLACES, c].map((x) => [x]),
      { degree: degree.value },
    )
    const features = shape[1]!
    const row = (i: number) => data.subarray(i * features, (i + 1) * features)
    const last = row(PLACES.length)
    const edge = await lift(kernel, [[TO]], { degree: LOOKED })
    let sum = 0
    const needed = edge.data.findIndex((feature) => {
      sum += feature ** 2
      return sum >= 1 - LACK
    })
    shown.value = {
      sigma,
      degree: most,
      kernel: PLACES.map((x) => Math.exp(-((x - c) ** 2) / (2 * sigma ** 2))),
      polynomial: PLACES.map((_, i) => row(i).reduce((sum, feature, k) => sum + feature * last[k]!, 0)),
      needed: needed < 0 ? undefined : needed,
    }
  }),
)

export function begin(): void {
  effect(() => {
    void [width.value, degree.value, center.value]
    compute()
  })
}
