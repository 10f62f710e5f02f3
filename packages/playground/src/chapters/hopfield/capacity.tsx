// The measurement of how much a memory holds.
import { useEffect, useRef } from 'preact/hooks'
import { Graph, pathOf } from '../../draw/graph'
import { Choice } from '../../page/choice'
import { engine, guarded } from '../../page/engine'
import { Panel } from '../../page/panel'
import * as capacity from './measure'

const COLOURS = ['train', 'selection', 'negative', 'positive', 'fifth'] as const

export function Capacity() {
  const { value: experiment } = capacity.experiment
  const { loads } = capacity.EXPERIMENTS[experiment]
  const { value: curves } = capacity.curves
  const { value: measuring } = capacity.measuring
  const most = loads.at(-1)!
  const place = useRef<HTMLDivElement>(null)
  // It is measured once without being asked, as soon as it is seen.
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry!.isIntersecting || !engine.value) return
      observer.disconnect()
      guarded(capacity.measure)
    })
    observer.observe(place.current!)
    return () => observer.disconnect()
  }, [engine.value])
  return (
    <Panel id="capacity" title="How much it holds" view>
      <p class="prose">
        M random patterns are stored in N units, and each is asked for by itself. With more units Hebb's rule
        forgets more suddenly: nearly nothing is lost below a load of M/N = 0.138, and nearly everything above
        it (Amit, Gutfreund and Sompolinsky 1985). The other rules hold more, and a dense memory, whose energy
        has a higher degree, holds more patterns than it has units.
      </p>
      <div class="controls">
        <Choice
          label="Compare"
          value={experiment}
          from={{ sizes: "sizes, by Hebb's rule", rules: 'rules, with 120 units' }}
          disabled={measuring}
          set={(value) => {
            capacity.experiment.value = value
            capacity.curves.value = []
          }}
        />
        <button
          type="button"
          class="first"
          onClick={() => {
            if (measuring) capacity.measuring.value = false
            else guarded(capacity.measure)
          }}
        >
          {measuring ? 'Stop' : 'Measure'}
        </button>
      </div>
      <div class="measured" ref={place}>
        <Graph
          label="The part of the patterns that is recalled, over the load"
          range={{ x: [experiment === 'sizes' ? 0.07 : 0, most], y: [0, 1.02] }}
          aspect={0.45}
          names={{ x: 'load M/N', y: 'recalled' }}
        >
          {(view) => (
            <>
              <line class="critical" x1={view.x(0.138)} x2={view.x(0.138)} y1={view.y(0)} y2={view.y(1.02)} />
              <text class="critical-name" x={view.x(0.138) + 6} y={view.y(0.06)}>
                0.138
              </text>
              {curves.map(({ name, points }, i) => (
                <g key={name} class={`curve ${COLOURS[i]}`}>
                  <polyline points={pathOf(view, points)} />
                  {points.map(([x, y]) => (
                    <circle key={x} cx={view.x(x)} cy={view.y(y)} r={3} />
                  ))}
                </g>
              ))}
            </>
          )}
        </Graph>
      </div>
      <ul class="legend">
        {capacity.EXPERIMENTS[experiment].curves.map(({ name }, i) => (
          <li key={name} class={COLOURS[i]}>
            {name}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
