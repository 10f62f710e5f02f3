// The samples, what the network makes of them, and the errors for every width.
import { bound } from '../../page/bound'
import './rbf.css'
import { pathOf, type View } from '../../draw/graph'
import { Points } from '../../draw/points'
import { Choice } from '../../page/choice'
import { Slider } from '../../page/slider'
import { Errors } from './errors'
import { Field } from './field'
import { ACROSS, type Fit } from './fit'
import * as model from './model'

export function Figure() {
  const { value: task } = model.task
  const { value: fitted } = model.fitted
  const now = fitted?.settings.task === task ? fitted : undefined
  return (
    <>
      <Points
        label={task === 'curve' ? 'Samples of a curve and the fitted curve' : 'Two classes and the boundary'}
        points={model.train.value}
        range={model.range.value}
        adding={1}
        {...(task === 'curve' ? { names: { x: 'x', y: 't' }, classless: true } : {})}
        change={(points) => model.show(points)}
      >
        {(view) => (
          <g clip-path={view.clip}>
            {now && (task === 'curve' ? <Curve view={view} fit={now} /> : <Boundary view={view} fit={now} />)}
            {model.selection.value.map(([x, y, t], i) => (
              <circle key={i} class={`held class${t}`} cx={view.x(x)} cy={view.y(y)} r={4} />
            ))}
          </g>
        )}
      </Points>
      <div class="story width">
        {now ? (
          <p>
            With σ = {now.sigma} the error is <b class="train">{three(now.train)}</b> on the training samples
            (filled), and <b class="selection">{three(now.selection)}</b> on the selection samples (hollow),
            which were not fitted. {task === 'curve' ? 'A thin line' : 'A circle'} is one function
            {task === 'curve' ? ' times its weight.' : ', as wide as σ.'}
          </p>
        ) : (
          <p>Fitting …</p>
        )}
      </div>
      <div class="controls">
        <Slider label="Width σ" {...bound(model.sigma)} least={0.03} most={8.5} stride={0.02} logarithmic />
        <Slider label="Functions" {...bound(model.units)} least={1} most={60} stride={1} />
        <Slider
          label="Regularization λ"
          {...bound(model.lambda)}
          least={1e-6}
          most={10}
          stride={0.1}
          logarithmic
        />
      </div>
      <Errors />
      <div class="controls">
        <Choice
          label="Task"
          value={task}
          from={{ curve: 'a curve', boundary: 'a boundary' }}
          set={model.choose}
        />
        <button type="button" onClick={model.other}>
          Other samples
        </button>
      </div>
    </>
  )
}

/** The output, and under it each function times its weight. */
function Curve({ view, fit }: { view: View; fit: Fit }) {
  const [from, to] = model.range.value.x
  const at = Array.from({ length: ACROSS }, (_, i) => from + (i / (ACROSS - 1)) * (to - from))
  const { sigma, centers, weights, bias, field } = fit
  return (
    <>
      {centers.map(([c], k) => (
        <polyline
          key={k}
          class="part"
          points={pathOf(
            view,
            at.map((x) => [x, weights[k]! * Math.exp(-((x - c!) ** 2) / (2 * sigma ** 2))]),
          )}
        />
      ))}
      <line class="part" x1={view.x(from)} x2={view.x(to)} y1={view.y(bias)} y2={view.y(bias)} />
      <polyline
        class="line"
        points={pathOf(
          view,
          at.map((x, i) => [x, field[i]!]),
        )}
      />
    </>
  )
}

/** Where the output is above a half, and each function as a circle with the radius σ. */
function Boundary({ view, fit }: { view: View; fit: Fit }) {
  const radius = view.x(fit.sigma) - view.x(0)
  return (
    <>
      <Field view={view} range={model.range.value} data={fit.field} />
      {fit.centers.map(([x, y], k) => (
        <circle
          key={k}
          class={fit.weights[k]! > 0 ? 'unit for' : 'unit against'}
          cx={view.x(x!)}
          cy={view.y(y!)}
          r={radius}
        />
      ))}
    </>
  )
}

export const three = (value: number) => (value < 1000 ? value.toPrecision(3) : value.toExponential(1))
