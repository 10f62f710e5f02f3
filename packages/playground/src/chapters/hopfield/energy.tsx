// The energy after each change.
import { useCallback } from 'preact/hooks'
import { type Plot, Plotted } from '../../draw/plotted'
import * as model from './model'

/** More points than this are not told apart. */
const POINTS = 400

export function Energy() {
  const told = model.recalled.value?.told
  const { value: k } = model.shown
  const make = useCallback(
    ({ chart }: Plot, size: object) => {
      const all = told!.map(({ energy }, i) => [i + 1, energy] as const)
      const stride = Math.ceil(all.length / POINTS)
      const kept = all.filter(([k]) => k % stride === 0 || k === 1 || k === all.length)
      const now = all[k - 1]
      return chart(
        [{ name: 'E', points: kept, line: true }, ...(now ? [{ name: `change ${k}`, points: [now] }] : [])],
        { ...size, title: 'the energy E after each change', xLabel: 'change' },
      )
    },
    [told, k],
  )
  if (!told || told.length < 2) return null
  const [first, last] = [told[0]!, told.at(-1)!]
  return (
    <div class="pictured">
      <Plotted label={`The energy falls from ${first.energy} to ${last.energy}`} aspect={0.4} make={make} />
    </div>
  )
}
