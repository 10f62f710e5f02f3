// What is stored, the cue, what each rule recalls from it, and the change that is shown.
import { computed, effect, signal } from '@preact/signals'
import { denseMemory, hopfield, type Recalled } from 'hebb'
import { random } from '../../draw/random'
import { guarded, measured } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered } from '../../page/url'
import { type Cells, decode, encode, isCode, letters, type Side } from './cells'

export const RULES = {
  hebb: 'Hebb',
  storkey: 'Storkey',
  pseudoInverse: 'pseudo-inverse',
  flow: 'flow',
  dense: 'dense, n = 3',
} as const
export type Rule = keyof typeof RULES
const ruleNames = Object.keys(RULES) as Rule[]
/** The most pictures that are stored. */
export const MOST = 26

export const units = remembered<'100' | '400' | '2500'>('units', '100', oneOf(['100', '400', '2500']))
export const side = computed(() => Math.sqrt(Number(units.value)) as Side)
export const rule = remembered<Rule>('rule', 'hebb', oneOf(ruleNames))
export const order = remembered('order', 'asynchronous', oneOf(['asynchronous', 'synchronous'] as const))
/** Whether all units change at once; a dense memory has no such order. */
export const together = computed(() => order.value === 'synchronous' && rule.value !== 'dense')
export const seed = remembered('seed', 1, numeric(0, 999_999, true))
/** How many of the units a disturbance turns, in percent. */
export const noise = remembered('noise', 25, numeric(0, 100, true))
const stored = remembered<readonly string[]>('stored', ['H', 'T', 'Z'], {
  write: (codes) => codes.join('.'),
  read: (text) => {
    const codes = text.split('.')
    return codes.every(isCode) && codes.length <= MOST ? codes : undefined
  },
})
/** The reader's cue; empty for the first picture, disturbed. */
const own = remembered<string>('cue', '', {
  write: (code) => code,
  read: (text) => (isCode(text) ? text : undefined),
})
/** The change that is shown; −1 for the end. */
export const change = remembered('change', -1, numeric(-1, 1e6, true))

export const patterns = computed<readonly Cells[]>(() =>
  stored.value.map((code) => decode(code, side.value).map((y) => (y > 0 ? 1 : -1))),
)
export const cue = computed(() =>
  own.value === ''
    ? disturbed(patterns.value[0]!, noise.value / 100, seed.value)
    : decode(own.value, side.value),
)
/** What a stored picture is called. */
export const nameOf = (i: number) => {
  const code = stored.value[i] ?? ''
  return letters.includes(code) ? code : `picture ${i + 1}`
}

export function showCue(cells: Cells): void {
  own.value = encode(cells)
  change.value = -1
}

export function showStored(all: readonly Cells[]): void {
  if (all.length > MOST) throw new Error(`This page stores at most ${MOST} pictures.`)
  // The cue stays what it is, also if it came from the first picture.
  showCue(cue.value)
  stored.value = all.map(encode)
}

/** The cells, a part of them turned: exactly that many, at places that the seed chooses. */
export function disturbed(cells: Cells, part: number, seed: number): Cells {
  const next = random(seed)
  const order = cells.map((_, i) => [next(), i] as const).sort(([a], [b]) => a - b)
  const turned = new Set(order.slice(0, Math.round(part * cells.length)).map(([, i]) => i))
  return cells.map((y, i) => (turned.has(i) ? -y : y))
}

/** A change of the state: of one unit, or of all at once. */
export interface Change {
  /** How many of the recorded updates have happened. */
  updates: number
  energy: number
  /** Of one unit only. */
  unit?: { number: number; net: number; output: number; before: number }
}

export interface Told extends Recalled {
  cue: Cells
  told: readonly Change[]
}

/** What the chosen rule recalled, with every change. */
export const recalled = signal<Told | undefined>(undefined)
/** What each rule recalled. */
export const results = signal<Partial<Record<Rule, Recalled>>>({})

export const last = computed(() => recalled.value?.told.length ?? 0)
export const shown = computed(() => (change.value < 0 ? last.value : Math.min(change.value, last.value)))
export const state = computed<Cells>(() => {
  const { value: now } = recalled
  if (!now) return cue.value
  if (shown.value === last.value) return now.state
  const cells = [...now.cue]
  const { updates } = now.told[shown.value - 1] ?? { updates: 0 }
  for (const { unit, output } of now.trace.slice(0, updates)) cells[unit] = output
  return cells
})

function changes({ trace }: Recalled, cue: Cells, together: boolean): Change[] {
  if (together) {
    const passes = Math.floor(trace.length / cue.length)
    return Array.from({ length: passes }, (_, pass) => {
      const updates = (pass + 1) * cue.length
      return { updates, energy: trace[updates - 1]!.energy }
    })
  }
  const now = [...cue]
  const found: Change[] = []
  for (const [i, { unit, net, output, energy }] of trace.entries()) {
    const before = now[unit]!
    now[unit] = output
    if (output !== before) found.push({ updates: i + 1, energy, unit: { number: unit, net, output, before } })
  }
  return found
}

type Memory = ReturnType<typeof hopfield> | ReturnType<typeof denseMemory>
const memories = new Map<Rule, { memory: Promise<Memory>; patterns: readonly Cells[] }>()

/** The memory of a rule, which learns when other pictures are stored. */
export function memoryOf(rule: Rule): Promise<Memory> {
  const { value: now } = patterns
  const before = memories.get(rule)
  if (before?.patterns === now) return before.memory
  const units = now[0]!.length
  const empty: Memory = rule === 'dense' ? denseMemory({ units, degree: 3 }) : hopfield({ units, rule })
  const memory = empty.store(now)
  memories.set(rule, { memory, patterns: now })
  before?.memory.then((memory) => memory.dispose())
  return memory
}

const recall = single(() =>
  guarded(async () => {
    const [now, all] = [cue.value, patterns.value]
    // A dense memory has no synchronous order.
    const orderOf = (rule: Rule) => (rule === 'dense' ? 'asynchronous' : order.value)
    const { value: chosen } = rule
    const memory = await memoryOf(chosen)
    const options = { seed: seed.value, order: orderOf(chosen), trace: true } as const
    const found = await measured(
      () => memory.recall(now, options),
      () => 1,
    )
    recalled.value = { ...found, cue: now, told: changes(found, now, together.value) }
    results.value = { [chosen]: found }
    for (const other of ruleNames) {
      if (cue.value !== now || patterns.value !== all || rule.value !== chosen) return
      if (other === chosen) continue
      const memory = await memoryOf(other)
      const result = await memory.recall(now, { seed: seed.value, order: orderOf(other) })
      results.value = { ...results.value, [other]: result }
    }
  }),
)

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes it recall again.
    void [patterns.value, cue.value, rule.value, order.value, seed.value]
    recall()
  })
}
