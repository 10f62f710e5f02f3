// The network as the notes draw it, each number on the unit or the edge that it belongs to.
import { useWidth } from '../../draw/width'
import { trace } from './model'
import { type Part, partsOf, short, type Unit } from './parts'

interface Props {
  picked: string
  pick: (id: string) => void
}

const RADIUS = 27
/** Below this width edges show their weight only. */
const WIDE = 520

export function Diagram({ picked, pick }: Props) {
  const [place, width] = useWidth()
  const height = width < WIDE ? 280 : 330
  const parts = trace.value && partsOf(trace.value)
  const at = (unit: Unit): [number, number] => [
    40 + (unit.column / 2) * (width - 90),
    20 + unit.place * (height - 50),
  ]
  const chosen = (part: Part) => ({
    class: part.id === picked ? 'part picked' : 'part',
    tabindex: 0,
    role: 'button' as const,
    'aria-pressed': part.id === picked,
    onPointerEnter: () => pick(part.id),
    onPointerDown: () => pick(part.id),
    onFocus: () => pick(part.id),
  })
  return (
    <div class="diagram" ref={place} style={{ height: `${height}px` }}>
      {width > 0 && parts && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no picture.
        <svg
          width={width}
          height={height}
          role="group"
          aria-label="The network with the values of one training step"
        >
          {parts.weights.map((weight) => {
            const from = at(parts.units.find(({ id }) => id === weight.from)!)
            const to = at(parts.units.find(({ id }) => id === weight.to)!)
            // Edges that cross have their numbers where they begin.
            const share = Math.abs(from[1] - to[1]) > height / 3 ? 0.3 : 0.52
            const [x, y] = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
            return (
              <g key={weight.id} {...chosen(weight)}>
                <line class="hit" x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />
                <line
                  class={weight.w < 0 ? 'edge negative' : 'edge'}
                  x1={from[0]}
                  y1={from[1]}
                  x2={to[0]}
                  y2={to[1]}
                  stroke-width={1 + Math.min(5, 2 * Math.abs(weight.w))}
                />
                <text x={x} y={y - 5} text-anchor="middle">
                  {width < WIDE ? short(weight.w) : `w ${short(weight.w)}`}
                </text>
                {width >= WIDE && (
                  <text class="change" x={x} y={y + 13} text-anchor="middle">
                    Δw {short(weight.dw)}
                  </text>
                )}
              </g>
            )
          })}
          {parts.units.map((unit) => {
            const [x, y] = at(unit)
            return (
              <g key={unit.id} {...chosen(unit)}>
                <circle cx={x} cy={y} r={RADIUS} />
                <text class="unit" x={x} y={y - 4} text-anchor="middle">
                  {unit.name}
                </text>
                <text x={x} y={y + 12} text-anchor="middle">
                  {unit.a.toFixed(3).replace('-', '−')}
                </text>
                {unit.delta !== undefined && (
                  <text class="change" x={x} y={y + RADIUS + 16} text-anchor="middle">
                    δ {short(unit.delta)}
                  </text>
                )}
              </g>
            )
          })}
        </svg>
      )}
    </div>
  )
}
