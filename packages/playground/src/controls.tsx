// The buttons, the settings, and the training's progress.
import { KINDS, type Kind } from './lenet'
import { guarded, pause, reset, step, stop, train } from './session'
import { type Phase, phase, problem, progress, settings, shipped, speed } from './state'

const RATES = [0.005, 0.01, 0.02, 0.04, 0.08]
const EPOCHS = [1, 2, 3, 5, 10, 20]

const ACTIONS: { name: string; act: () => unknown; when: Phase[]; hint: string }[] = [
  { name: 'Train', act: train, when: ['ready', 'paused'], hint: 'Trains a network from nothing, or goes on' },
  { name: 'Pause', act: pause, when: ['training'], hint: 'Holds the training' },
  { name: 'Step', act: step, when: ['ready', 'paused'], hint: 'Trains one minibatch of 64 digits' },
  { name: 'Stop', act: stop, when: ['training', 'paused'], hint: 'Ends the training, keeps what was learnt' },
  { name: 'Reset', act: reset, when: ['ready', 'training', 'paused'], hint: 'Back to the weights from Hebb' },
]

export function Controls() {
  const { kind, epochs, learningRate } = settings.value
  const busy = phase.value !== 'ready'
  const set = (change: Partial<typeof settings.value>) => {
    settings.value = { ...settings.value, ...change }
  }
  return (
    <section class="panel controls" aria-label="Training">
      <div class="buttons">
        {ACTIONS.map(({ name, act, when, hint }) => (
          <button
            type="button"
            key={name}
            title={hint}
            disabled={!when.includes(phase.value)}
            onClick={() => guarded(async () => void (await act()))}
          >
            {name}
          </button>
        ))}
      </div>
      <label>
        Network
        <select
          value={kind}
          disabled={busy}
          onChange={({ currentTarget }) => {
            set({ kind: currentTarget.value as Kind })
            if (!shipped.value) guarded(reset)
          }}
        >
          {Object.entries(KINDS).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Choice label="Epochs" value={epochs} from={EPOCHS} set={(epochs) => set({ epochs })} />
      <Choice
        label="Learning rate"
        value={learningRate}
        from={RATES}
        set={(learningRate) => set({ learningRate })}
      />
      <Status />
    </section>
  )
}

function Choice(props: { label: string; value: number; from: number[]; set: (value: number) => void }) {
  const { label, value, from, set } = props
  const all = from.includes(value) ? from : [...from, value].sort((a, b) => a - b)
  return (
    <label>
      {label}
      <select
        value={value}
        disabled={phase.value !== 'ready'}
        onChange={({ currentTarget }) => set(Number(currentTarget.value))}
      >
        {all.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  )
}

const PHASES: Record<Phase, string> = {
  loading: 'Loading the digits …',
  ready: 'Ready',
  training: 'Training',
  paused: 'Paused',
  failed: 'Failed',
}

function Status() {
  const { value: at } = progress
  return (
    <p class="status">
      <b role="status" data-phase={phase.value} id="phase">
        {PHASES[phase.value]}
      </b>
      {at && (
        <span>
          epoch {at.epoch}, minibatch {at.batch} of {at.batches} · learning rate {at.learningRate.toFixed(4)}
          {speed.value > 0 && ` · ${Math.round(speed.value / 100) / 10}k digits a second`}
        </span>
      )}
      {problem.value && <span role="alert">{problem.value} Reload the page to begin again.</span>}
    </p>
  )
}
