// Invalid values in the options and the data of figures: what is accepted can be drawn.
import * as plot from 'hebb/plot'
import { test } from 'vitest'
import { torment } from './values'

const points = [
  [0, 1],
  [1, 2],
] as const
const series = [{ points, line: true }]
const draw = async (figure: plot.Figure | Promise<plot.Figure>) => {
  const drawn = await figure
  drawn.toText({ colour: false })
  await drawn.toSvg()
}

test('charts', async () => {
  for (const option of ['title', 'xLabel', 'yLabel', 'x', 'y', 'log', 'logX', 'width', 'height'])
    await torment(`chart.${option}`, (value) => draw(plot.chart(series, { [option]: value })))
  for (const option of ['points', 'name', 'line', 'mark'])
    await torment(`series.${option}`, (value) => draw(plot.chart([{ points, [option]: value }])))
  await torment('chart series', (value) => draw(plot.chart(value)))
  await torment('chart', (value) => draw(plot.chart(series, value)))
  for (const option of ['columns', 'rows', 'colour'])
    await torment(`toText.${option}`, (value) => plot.chart(series).toText({ [option]: value }))
})

test('data', async () => {
  await torment('curves history', (value) => draw(plot.curves(value)))
  await torment('curves epochs', (value) => draw(plot.curves([value])))
  await torment('confusion matrix', (value) => draw(plot.confusionMatrix(value)))
  await torment('confusionMatrix.classes', (value) => draw(plot.confusionMatrix([[1]], { classes: value })))
  await torment('energy trace', (value) => draw(plot.energyTrace(value)))
  await torment('pictures images', (value) => draw(plot.pictures(value)))
  await torment('picture', (value) => draw(plot.pictures([value])))
  await torment('picture data', (value) => draw(plot.pictures([{ data: value, width: 1 }])))
  for (const option of ['title', 'columns', 'scale'])
    await torment(`pictures.${option}`, (value) =>
      draw(plot.pictures([{ data: [1], width: 1 }], { [option]: value })),
    )
  await torment('states', (value) => draw(plot.stateMatrix(value)))
  await torment('stateMatrix.steps', (value) =>
    draw(plot.stateMatrix({ data: [1], shape: [1, 1] }, { steps: value })),
  )
})

test('models', async () => {
  const limits = { x: [0, 1], y: [0, 1] } as const
  const bowl = (a: number, b: number) => a * a + b * b
  for (const option of ['x', 'y', 'path', 'resolution', 'title'])
    await torment(`lossSurface.${option}`, (value) =>
      draw(plot.lossSurface(bowl, { ...limits, resolution: 5, [option]: value })),
    )
  await torment('loss surface', (value) => draw(plot.lossSurface(value, { ...limits, resolution: 3 })))
  const model = (all: number[][]) => all.map(([a]) => a!)
  for (const option of ['x', 'y', 'samples', 'threshold', 'resolution', 'title'])
    await torment(`decisionBoundary.${option}`, (value) =>
      draw(plot.decisionBoundary(model, { ...limits, resolution: 5, [option]: value })),
    )
  await torment('decision model', (value) => draw(plot.decisionBoundary(value, { ...limits, resolution: 3 })))
})
