import { type DataOptions, openData } from './data'
import { openModel } from './model'
import { type Report, rows } from './report'

/** Measures a network on data. */
export async function evaluate(
  model: string,
  path: string,
  options: DataOptions & { input?: number[] },
): Promise<Report> {
  const { net, reading } = await openModel(model, options)
  const input = net.spec.input as readonly number[]
  const { dataset, classes } = await openData(path, options, {
    reading,
    input,
    classes: net.classes,
    targets: true,
  })
  // Classifiers from elsewhere often end with logits.
  const logits = classes && net.outputs[0]!.activation === 'identity'
  const json = await net.evaluate(dataset, {
    metrics: classes ? 'classification' : 'regression',
    ...(logits && { loss: 'crossEntropy' }),
  })
  const { samples, loss, accuracy, classification, regression } = json
  const { r2, rmse, mae } = regression ?? {}
  const { precision, recall, f1 } = classification ?? {}
  const lines = rows({ samples, loss, accuracy, precision, recall, f1, r2, rmse, mae })
  return {
    json: { ...json, ...(classes && { classes }) },
    text: lines + confused(classification?.confusion, classes),
  }
}

/** The confusion matrix of up to so many classes is shown. */
const MAX_CLASSES = 20

function confused(confusion: number[][] | undefined, classes: readonly string[] | undefined): string {
  if (!confusion || !classes || classes.length > MAX_CLASSES) return ''
  const names = confusion.map((_, number) => classes[number] ?? `${number}`)
  const width = Math.max(...names.map((name) => name.length), ...confusion.flat().map((n) => `${n}`.length))
  const line = (cells: (string | number)[]) => cells.map((cell) => `${cell}`.padStart(width)).join('  ')
  const table = confusion.map((row, number) => line([names[number]!, ...row]))
  return `\n\nclass (row) and answer (column)\n${[line(['', ...names]), ...table].join('\n')}`
}
