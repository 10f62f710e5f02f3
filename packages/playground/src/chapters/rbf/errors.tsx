// The errors over the width: the training samples want a small one, the selection samples choose.
import { Graph, pathOf } from '../../draw/graph'
import { WIDTHS } from './fit'
import * as model from './model'

/** Errors above this are cut off. */
const MOST = 1

export function Errors() {
  const { value: sweep } = model.sweep
  const { value: best } = model.best
  const x = (sigma: number) => Math.log10(sigma)
  const path = (name: 'train' | 'selection') => sweep.map((one) => [x(one.sigma), one[name]] as const)
  const now = x(Math.max(WIDTHS[0]!, Math.min(WIDTHS.at(-1)!, model.sigma.value)))
  return (
    <div>
      <h3>The error for every width</h3>
      <Graph
        label={`Training and selection error over the logarithm of σ${best ? `; the selection error is least at ${best.sigma}` : ''}`}
        range={{ x: [x(WIDTHS[0]!), x(WIDTHS.at(-1)!)], y: [0, MOST] }}
        aspect={0.35}
        names={{ x: 'log₁₀ σ', y: '' }}
      >
        {(view) => (
          <g clip-path={view.clip} data-swept={model.swept.value}>
            <line class="now" x1={view.x(now)} x2={view.x(now)} y1={view.y(0)} y2={view.y(MOST)} />
            <polyline class="error train" points={pathOf(view, path('train'))} />
            <polyline class="error selection" points={pathOf(view, path('selection'))} />
            {best && <circle class="best" cx={view.x(x(best.sigma))} cy={view.y(best.selection)} r={5} />}
          </g>
        )}
      </Graph>
      <ul class="legend">
        <li class="train">training</li>
        <li class="selection">selection</li>
      </ul>
    </div>
  )
}
