// The first layer's weights.
import { Plane } from '../../draw/plane'
import { Panel } from '../../page/panel'
import { weights } from './state'

export function Filters() {
  const filters = weights.value?.['conv1.weight']
  const [count = 6, , height = 5, width = 5] = filters?.shape ?? []
  const size = width * height
  const most = filters?.data.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) ?? 1
  return (
    <Panel id="filters" title="What it looks for" view>
      <p>
        The first layer slides {count} filters of {height} × {width} weights over the image. They begin as
        noise; training makes them detectors of strokes and edges. Where an <b class="positive">orange</b>{' '}
        weight meets ink the answer rises, where a <b class="negative">blue</b> one does it falls.
      </p>
      <div class="tiles filters" role="img" aria-label={`The ${count} filters of the first layer`}>
        {filters &&
          Array.from({ length: count }, (_, i) => (
            <Plane
              key={i}
              data={filters.data.subarray(i * size, (i + 1) * size)}
              width={width}
              height={height}
              most={most}
            />
          ))}
      </div>
    </Panel>
  )
}
