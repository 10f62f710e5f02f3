// The curves of loss and accuracy.
import { Chart } from './chart'
import { Panel } from './panel'
import { type Point, selectionCurve } from './state'

// Both axes are stretched where learning is slowest: toward zero loss and zero errors.
const LOSSES = [0.01, 0.1, 1]
const lossPlace = (loss: number) => (Math.log10(Math.max(loss, 1e-9)) + 2.3) / 2.8
const ACCURACIES = [0, 0.5, 0.9, 0.99, 0.999]
const accuracyPlace = (accuracy: number) => -Math.log10(Math.max(1 - accuracy, 1e-9)) / 3.1
const lossOf = (point: Point) => point.loss
const accuracyOf = (point: Point) => point.accuracy
const percent = (value: number) => `${Number((100 * value).toFixed(1))} %`

export function Learning() {
  const last = selectionCurve.value.at(-1)
  return (
    <Panel id="learning" title="How it learns">
      <p>
        The <b>loss</b> says how surprised the network is by the right answers. Every step changes its weights
        a little, against the gradient of the loss. The <b>selection</b> digits are never trained on: where
        their curve turns for the worse, the network learns by heart.
      </p>
      <ul class="legend">
        <li class="train">training</li>
        <li class="selection">
          selection{' '}
          <output id="accuracy" data-value={last?.accuracy ?? ''}>
            {last ? `${(100 * last.accuracy).toFixed(1)} % right` : ''}
          </output>
        </li>
      </ul>
      <div class="charts">
        <figure>
          <figcaption>Loss, over epochs</figcaption>
          <Chart label="Loss" value={lossOf} place={lossPlace} ticks={LOSSES} format={String} />
        </figure>
        <figure>
          <figcaption>Accuracy, over epochs</figcaption>
          <Chart
            label="Accuracy"
            value={accuracyOf}
            place={accuracyPlace}
            ticks={ACCURACIES}
            format={percent}
          />
        </figure>
      </div>
      <p class="aside">
        One epoch shows it every training digit once. Both axes are stretched: from line to line, a tenth of
        the loss or of the mistakes.
      </p>
    </Panel>
  )
}
