// The map, on which one points at the number to be taken apart.
import { useMemo } from 'preact/hooks'
import { Plane } from '../../draw/plane'
import { Frame } from './frame'
import * as model from './model'

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}

export function FeatureMap({ map, size, most }: model.Computed & { most: number }) {
  const now = Math.min(model.shown.value, size ** 2 - 1)
  const until = model.moving.value ? now : size ** 2
  // Windows that the filter has not reached yet have no number.
  const data = useMemo(() => map.map((value, i) => (i <= until ? value : 0)), [map, until])
  const within = (at: number) => Math.max(0, Math.min(size - 1, Math.floor(at)))
  const look = (row: number, column: number) => {
    model.place.value = within(row) * size + within(column)
    model.moving.value = false
  }
  const point = (event: PointerEvent) => {
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect()
    look(((event.clientY - top) / height) * size, ((event.clientX - left) / width) * size)
  }
  return (
    <div
      class="framed pointed"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys, as a drawing does.
      tabIndex={0}
      aria-label="The feature map. Arrow keys move the window."
      onPointerDown={point}
      onPointerMove={(event) => {
        // A mouse points without a press.
        if (event.pointerType === 'mouse' || event.pressure > 0) point(event)
      }}
      onKeyDown={(event) => {
        const arrow = ARROWS[event.key]
        if (!arrow) return
        event.preventDefault()
        look(Math.floor(now / size) + arrow[0], (now % size) + arrow[1])
      }}
    >
      <Plane data={data} width={size} height={size} most={most} />
      <Frame top={Math.floor(now / size)} left={now % size} size={1} of={size} />
    </div>
  )
}
