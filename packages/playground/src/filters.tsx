// The first layer's weights.
import { Panel } from './panel'
import { Plane } from './plane'
import { filters } from './state'

export function Filters() {
  const { value: weights } = filters
  const [count = 0, , height = 0, width = 0] = weights?.shape ?? []
  const size = width * height
  const most = weights?.data.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) ?? 1
  return (
    <Panel id="filters" title="What it looks for">
      <p>
        The first layer slides {count || 'six'} filters of {height || 5} × {width || 5} weights over the
        image. They begin as noise; training makes them detectors of strokes and edges. Where an{' '}
        <b class="positive">orange</b> weight meets ink the answer rises, where a <b class="negative">blue</b>{' '}
        one does it falls.
      </p>
      <div class="tiles filters" role="img" aria-label={`The ${count} filters of the first layer`}>
        {Array.from({ length: count }, (_, i) => (
          <Plane
            key={i}
            data={weights!.data.subarray(i * size, (i + 1) * size)}
            width={width}
            height={height}
            most={most}
          />
        ))}
      </div>
    </Panel>
  )
}
