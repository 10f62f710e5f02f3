// The filters of the first layer, and the maps of the layer that is looked at.
import { useMemo } from 'preact/hooks'
import { Colours } from '../../draw/colours'
import { Plane } from '../../draw/plane'
import { Slider } from '../../page/slider'
import * as model from './model'
import { mosaic } from './mosaic'

const [FILTERS, KERNEL] = [64, 11]
const largest = (data: Float32Array) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1

export function Maps() {
  const { value: seen } = model.seen
  const { name, shape } = model.row.value
  const [count, side] = shape as [number, number]
  const maps = seen?.activations[name]?.data as Float32Array | undefined
  const picture = useMemo(() => maps && mosaic(maps, count, side), [maps, count, side])
  const { value: one } = model.shownMap
  if (!maps || !picture || !one) return null
  const most = largest(maps)
  const silent = one.every((value) => value === 0)
  return (
    <>
      <div class="one-map">
        <figure>
          <figcaption>
            {name}, map {model.map.value + 1}: {side} × {side}
          </figcaption>
          <Plane data={one} width={side} height={side} most={largest(one)} />
          {silent && <p class="aside">All 0: its filter finds nothing here.</p>}
        </figure>
        <figure>
          <figcaption>All {count} maps</figcaption>
          <Plane {...picture} most={most} />
        </figure>
      </div>
      <div class="controls">
        <Slider
          label="Map"
          value={model.map.value + 1}
          least={1}
          most={count}
          stride={1}
          set={(value) => model.showMap(value - 1)}
        />
      </div>
    </>
  )
}

export function Filters() {
  const filters = model.seen.value?.filters
  const picture = useMemo(() => {
    if (!filters) return undefined
    const most = largest(filters)
    // Grey is 0.
    const shades = filters.map((weight) => 0.5 + weight / (2 * most))
    return mosaic(shades, FILTERS, KERNEL, 3, Number.NaN)
  }, [filters])
  return (
    <figure>
      <figcaption>
        {model.used.value?.whole
          ? 'Your 64 filters of the first layer: grey is 0'
          : '64 filters of the first layer, drawn at random: noise'}
      </figcaption>
      {picture && <Colours data={picture.data} width={picture.width} />}
    </figure>
  )
}
