// The training: buttons, settings, curves, and what came of it.
import { Choice } from '../../page/choice'
import { guarded } from '../../page/engine'
import { Panel } from '../../page/panel'
import { Player } from '../../page/player'
import { Chart } from './chart'
import { KINDS, type Kind } from './lenet'
import { pause, reset, step, stop, train } from './session'
import * as state from './state'
import { type Phase, type Point, phase, selectionCurve } from './state'

const ACTIONS: { name: string; act: () => unknown; when: Phase[]; hint: string }[] = [
  { name: 'Train', act: train, when: ['ready', 'paused'], hint: 'Trains a network from nothing, or goes on' },
  { name: 'Pause', act: pause, when: ['training'], hint: 'Holds the training' },
  { name: 'Step', act: step, when: ['ready', 'paused'], hint: 'Trains one minibatch of 64 digits' },
  { name: 'Stop', act: stop, when: ['training', 'paused'], hint: 'Ends the training, keeps what was learnt' },
  { name: 'Reset', act: reset, when: ['ready', 'training', 'paused'], hint: 'Back to the weights from Hebb' },
]
const RATES = [0.005, 0.01, 0.02, 0.04, 0.08, 2]
const EPOCHS = [1, 2, 3, 5, 10, 20]

// Both axes are stretched where learning is slowest: toward zero loss and zero errors.
const LOSSES = [0.01, 0.1, 1]
const lossPlace = (loss: number) => (Math.log10(Math.max(loss, 1e-9)) + 2.3) / 2.8
const ACCURACIES = [0, 0.9, 0.99, 0.999]
const accuracyPlace = (accuracy: number) => -Math.log10(Math.max(1 - accuracy, 1e-9)) / 3.1
const lossOf = (point: Point) => point.loss
const accuracyOf = (point: Point) => point.accuracy
const percent = (value: number) => `${Number((100 * value).toFixed(1))} %`

export function Learning() {
  const last = selectionCurve.value.at(-1)
  return (
    <Panel id="learning" title="How it learns" view>
      <p>
        The <b>loss</b> says how surprised the network is by the right answers. Every step changes its weights
        a little, against the gradient of the loss. The <b>selection</b> digits are never trained on: where
        their curve turns for the worse, the network learns by heart.
      </p>
      <Controls />
      <Status />
      {state.lastEpoch.value > 0 && (
        <Player
          name="Show the network after epoch"
          last={state.lastEpoch}
          shown={state.shownEpoch}
          show={(epoch) => {
            state.epochShown.value = epoch === state.lastEpoch.value ? -1 : epoch
          }}
        />
      )}
      <ul class="legend">
        <li class="train">training</li>
        <li class="selection">
          selection{' '}
          <output id="accuracy" data-value={(!state.demonstrated.value && last?.accuracy) || ''}>
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

function Controls() {
  const busy = phase.value !== 'ready'
  const numbers = (from: number[], own: number) =>
    Object.fromEntries([...new Set([...from, own])].sort((a, b) => a - b).map((one) => [one, String(one)]))
  const { kind, epochs, learningRate, slow } = state
  return (
    <div class="controls">
      <div class="buttons">
        {ACTIONS.map(({ name, act, when, hint }) => (
          <button
            type="button"
            key={name}
            class={name === 'Train' ? 'first' : ''}
            title={hint}
            disabled={!when.includes(phase.value)}
            onClick={() => guarded(act)}
          >
            {name}
          </button>
        ))}
      </div>
      <Choice
        label="Network"
        value={kind.value}
        from={KINDS}
        disabled={busy}
        set={(value: Kind) => {
          kind.value = value
          if (!state.shipped.value) guarded(reset)
        }}
      />
      <Choice
        label="Epochs"
        value={String(epochs.value)}
        from={numbers(EPOCHS, epochs.value)}
        disabled={busy}
        set={(value) => {
          epochs.value = Number(value)
        }}
      />
      <Choice
        label="Learning rate"
        value={String(learningRate.value)}
        from={numbers(RATES, learningRate.value)}
        disabled={busy}
        set={(value) => {
          learningRate.value = Number(value)
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={slow.value}
          onChange={({ currentTarget }) => {
            slow.value = currentTarget.checked
          }}
        />
        Slow motion
      </label>
    </div>
  )
}

const PHASES: Record<Phase, string> = {
  loading: 'Loading the digits …',
  ready: 'Ready',
  training: 'Training',
  paused: 'Paused',
}

function Status() {
  const { value: at } = state.progress
  const { value: verdict } = state.verdict
  const { demonstrated } = state
  const lost = at !== undefined && !Number.isFinite(at.loss)
  return (
    <p class="status">
      <b role="status" data-phase={phase.value} id="phase">
        {verdict && phase.value === 'ready'
          ? `Done: ${percent(verdict.accuracy)} of ${verdict.samples.toLocaleString('en')} digits never seen are right, after ${verdict.seconds.toFixed(1)} s`
          : PHASES[phase.value]}
      </b>
      {demonstrated.value && <span>A demonstration: the first epoch of a new network. Train your own.</span>}
      {at && phase.value !== 'ready' && (
        <span>
          epoch {at.epoch}, minibatch {at.batch} of {at.batches} · loss {at.loss.toPrecision(3)} · learning
          rate {at.learningRate.toPrecision(2)}
        </span>
      )}
      {lost && (
        <span class="problem">
          The loss is no number any more: the steps were too large. Reset, and choose a smaller learning rate.
        </span>
      )}
    </p>
  )
}
