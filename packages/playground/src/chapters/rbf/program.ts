// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import type { Point } from '../../draw/points'
import { checkPoints } from '../../draw/table'
import * as model from './model'
import { RANGES } from './samples'

function list(points: readonly Point[]): string {
  const rows = points.map(
    (point) => `[${(model.task.value === 'curve' ? point.slice(0, 2) : point).join(', ')}]`,
  )
  return Array.from(
    { length: Math.ceil(rows.length / 4) },
    (_, i) => `  ${rows.slice(4 * i, 4 * i + 4).join(', ')},`,
  ).join('\n')
}

export const program = computed(() => {
  const curve = model.task.value === 'curve'
  const { length } = model.train.value
  const units = Math.min(model.units.value, length)
  const centers = units === length ? ', centers: inputs(train)' : ''
  return `import { rbfNetwork } from 'hebb'

// ${curve ? 'x and t of each sample.' : 'x₁, x₂ and the class t of each sample.'}
export const train = [
${list(model.train.value)}
]
export const selection = [
${list(model.selection.value)}
]
const inputs = (rows) => rows.map((row) => row.slice(0, -1))
const targets = (rows) => rows.map((row) => row.slice(-1))

async function errorOf(net, rows) {
  const { data } = await net.predict(inputs(rows))
  return Math.sqrt(rows.reduce((sum, row, i) => sum + (data[i] - row.at(-1)) ** 2, 0) / rows.length)
}

async function fitted(sigma) {
  const net = await rbfNetwork(inputs(train), targets(train), {
    units: ${units}${centers}, widths: sigma, regularization: ${model.lambda.value},
  })
  const errors = { train: await errorOf(net, train), selection: await errorOf(net, selection) }
  net.dispose()
  return errors
}

for (const width of [0.05, 0.1, 0.2, 0.5, 1, 2, 5]) console.log('σ =', width, await fitted(width))

// The page shows this width.
export const sigma = ${model.sigma.value}
console.log('chosen: σ =', sigma, await fitted(sigma))
`
})

/** Shows the samples and the width of the reader's program. */
export function take({ train, selection, sigma }: Record<string, unknown>): void {
  if (train !== undefined) model.show(checked(train, model.train.value))
  if (selection !== undefined) model.show(model.train.value, checked(selection, model.selection.value))
  if (sigma === undefined) return
  if (typeof sigma !== 'number' || !(sigma >= 0.01 && sigma <= 20)) {
    throw new Error('Export sigma as a number from 0.01 to 20.')
  }
  model.sigma.value = sigma
}

/** The rows as points; those that are shown stay the same. */
function checked(rows: unknown, now: readonly Point[]): readonly Point[] {
  const { task } = model.settings.value
  const complete =
    task === 'curve' && Array.isArray(rows)
      ? rows.map((row) => (Array.isArray(row) ? [...row, 1] : row))
      : rows
  const points = checkPoints(complete)
  const { x, y } = RANGES[task]
  const outside = points.findIndex(([a, b]) => a < x[0] || a > x[1] || b < y[0] || b > y[1])
  if (outside >= 0) {
    throw new Error(
      `Sample ${outside + 1} lies outside the figure: ${x.join(' to ')} and ${y.join(' to ')}.`.replaceAll(
        '-',
        '−',
      ),
    )
  }
  return JSON.stringify(points) === JSON.stringify(now) ? now : points
}
