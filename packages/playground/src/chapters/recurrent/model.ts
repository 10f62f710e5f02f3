// The text, how it is learned, and the epoch and the unit that are looked at.
import { computed, effect, signal } from '@preact/signals'
import { guarded, measured } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered } from '../../page/url'
import { type Cell, cells, dispose, EPOCHS, type Learned, learn } from './learner'
import { type Look, look } from './look'
import { TEXT, wrongWith } from './text'

export const text = remembered('text', TEXT, {
  write: (text) => text,
  read: (text) => (wrongWith(text) ? undefined : text),
})
export const cell = remembered<Cell>('cell', 'rnn', oneOf(cells))
export const units = remembered<'8' | '32' | '64'>('units', '32', oneOf(['8', '32', '64']))
export const rate = remembered('rate', 0.01, numeric(0.0001, 1))
export const factor = remembered('factor', 1, numeric(0.1, 6))
export const temperature = remembered('temperature', 0.5, numeric(0, 2))
export const seed = remembered('seed', 1, numeric(0, 999_999, true))
/** The epoch that is shown; −1 for the last. */
const epoch = remembered('epoch', -1, numeric(-1, EPOCHS, true))
const chosen = remembered('unit', 0, numeric(0, 63, true))

export const last = signal(EPOCHS)
export const shown = computed(() => (epoch.value < 0 ? EPOCHS : epoch.value))
export const unit = computed(() => Math.min(chosen.value, Number(units.value) - 1))
export const learned = signal<Learned | undefined>(undefined)
export const seen = signal<Look | undefined>(undefined)

/** Shows an epoch, the last one if none is given. */
export function showEpoch(number = -1): void {
  epoch.value = number
}

export function showUnit(number: number): void {
  chosen.value = number
}

/** Learns another text. */
export function setText(other: string): void {
  const wrong = wrongWith(other)
  if (wrong) throw new Error(wrong)
  text.value = other
  showEpoch()
}

const settings = computed(() => ({
  text: text.value,
  units: Number(units.value),
  rate: rate.value,
  factor: factor.value,
  seed: seed.value,
}))
const asked = computed(() => ({
  epoch: shown.value,
  cell: cell.value,
  temperature: temperature.value,
  seed: seed.value,
}))

/** Learns if something was changed that matters for it, and looks. */
const update = single(() =>
  guarded(async () => {
    const { value: now } = settings
    if (learned.value?.settings !== now) {
      const before = learned.value
      learned.value = await measured(
        () => learn(now),
        ({ read }) => read,
      )
      if (before) dispose(before)
    }
    seen.value = await look(learned.value!, asked.value)
  }),
)

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes it look again.
    void [settings.value, asked.value]
    update()
  })
}
