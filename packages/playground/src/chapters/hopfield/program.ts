// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { type Cells, draw } from './cells'
import * as model from './model'

const lines = (cells: Cells) => `\`\n    ${draw(cells).join('\n    ')}\n  \``

const MAKERS: Record<model.Rule, string> = {
  hebb: "hopfield({ units, rule: 'hebb' })",
  storkey: "hopfield({ units, rule: 'storkey' })",
  pseudoInverse: "hopfield({ units, rule: 'pseudoInverse' })",
  flow: "hopfield({ units, rule: 'flow' })",
  dense: 'denseMemory({ units, degree: 3 })',
}

export const program = computed(() => {
  const { value: rule } = model.rule
  return `import { ${rule === 'dense' ? 'denseMemory' : 'hopfield'} } from 'hebb'

const side = ${model.side.value}
const units = side * side

// # is 1, . is −1, ? is not known; each row is made as large as side asks.
const values = { '#': 1, '.': -1, '?': null }
function read(text) {
  const rows = text.trim().split(/\\s+/)
  const at = (place) => Math.floor(place * rows.length / side)
  return Array.from({ length: units }, (_, i) => values[rows[at(Math.floor(i / side))][at(i % side)]])
}

// The page stores these pictures,
export const patterns = [
${model.patterns.value.map((cells) => `  read(${lines(cells)}),`).join('\n')}
]
// and asks with this one.
export const cue = read(${lines(model.cue.value)})

const memory = await ${MAKERS[rule]}.store(patterns)
const { state, pattern, spurious, energy, changes } = await memory.recall(cue, {
  seed: ${model.seed.value},${model.together.value ? "\n  order: 'synchronous'," : ''}
})
console.log(pattern !== undefined ? 'pattern ' + pattern : spurious.name)
console.log('energy', energy, 'after', changes, 'changes')

for (let row = 0; row < side; row++) {
  const cells = state.slice(row * side, (row + 1) * side)
  console.log(cells.map((y) => (y > 0 ? '#' : '.')).join(''))
}
`
})

/** Shows the patterns and the cue of the reader's program. */
export function take({ patterns, cue }: Record<string, unknown>): void {
  if (patterns !== undefined) {
    if (!Array.isArray(patterns) || patterns.length === 0) throw new Error('Export one pattern or more.')
    const all = patterns.map((pattern) => check(pattern, 'A pattern', [-1, 1]))
    const same =
      all.length === model.patterns.value.length &&
      all.every((cells, i) => equal(cells, model.patterns.value[i]!))
    if (!same) model.showStored(all)
  }
  if (cue === undefined) return
  const cells = check(cue, 'The cue', [-1, 0, null, 1])
  if (!equal(cells, model.cue.value)) model.showCue(cells)
}

const equal = (a: Cells, b: Cells) => a.every((y, i) => y === b[i])

function check(cells: unknown, what: string, values: readonly unknown[]): Cells {
  const { length } = model.cue.value
  if (Array.isArray(cells) && cells.length === length && cells.every((y) => values.includes(y)))
    return cells.map((y) => y ?? 0)
  throw new Error(`${what} has ${length} numbers, each ${values.join(', ').replaceAll('-', '−')}.`)
}
