import { HebbError, type Network } from 'hebb'
import { type DataOptions, isImage, openData, type Reading } from './data'
import { openModel } from './model'
import { csv, type Report } from './report'

export interface PredictOptions extends DataOptions {
  input?: number[]
  top: number
}

/** A class, and how likely it is: a probability, or the output if that is none. */
interface Score {
  class: string
  score: number
}

/** What a network says of each sample, in the order of the data. */
export async function predict(model: string, path: string, options: PredictOptions): Promise<Report> {
  const { net, reading } = await openModel(model, options)
  if (net.spec.preprocessing) return preparedImage(net, path, options.top)
  const input = net.spec.input as readonly number[]
  const { dataset, files } = await openData(path, options, {
    reading,
    input,
    classes: net.classes,
    targets: false,
  })
  const { data, shape } = await net.predict(dataset)
  const width = data.length / shape[0]!
  const outputs = Array.from({ length: shape[0]! }, (_, i) => data.subarray(i * width, (i + 1) * width))
  const [first] = outputs
  if (!first || !classify(net, first))
    return report(
      files,
      outputs.map((values) => Array.from(values)),
      named(reading, width),
    )
  return report(
    files,
    outputs.map((values) => classify(net, values)!.slice(0, options.top)),
  )
}

/** The class of an image that is prepared as the network says. */
async function preparedImage(net: Network, path: string, top: number): Promise<Report> {
  if (!isImage(path))
    throw new HebbError('data', `the network has its own recipe for images: predict one image, not ${path}`)
  const { classifyImage } = await import('hebb/zoo')
  const scores = await classifyImage(net, path, { top })
  return report([path], [scores.map(({ label, score }) => ({ class: label, score }))])
}

/** The classes by their scores, the likeliest first; undefined if the outputs are values. */
function classify(net: Network, values: Float32Array): Score[] | undefined {
  const { activation } = net.outputs[0]!
  const name = (number: number) => net.classes?.[number] ?? `${number}`
  if (values.length === 1) {
    if (activation !== 'sigmoid') return undefined
    const scores = [1 - values[0]!, values[0]!]
    return sorted(scores.map((score, number) => ({ class: name(number), score })))
  }
  if (activation !== 'softmax' && activation !== 'logSoftmax' && !net.classes) return undefined
  const score = activation === 'logSoftmax' ? Math.exp : (value: number) => value
  return sorted(Array.from(values, (value, number) => ({ class: name(number), score: score(value) })))
}

const sorted = (scores: Score[]) => scores.sort((a, b) => b.score - a.score)

/** The names of the values: those of the columns that were learnt. */
function named(reading: Reading | undefined, count: number): string[] {
  const targets = reading?.format === 'CSV' ? [reading.options.target ?? []].flat() : []
  return Array.from({ length: count }, (_, i) => `${targets[i] ?? `output${i}`}`)
}

function report(
  files: readonly string[] | undefined,
  answers: (Score[] | number[])[],
  columns?: string[],
): Report {
  const predictions = answers.map((answer, i) => {
    const of = columns ? { values: answer } : { classes: answer }
    return files ? { file: files[i], ...of } : of
  })
  const head =
    columns ??
    (answers[0] as Score[]).flatMap((_, i) =>
      i === 0 ? ['class', 'score'] : [`class${i + 1}`, `score${i + 1}`],
    )
  const lines = answers.map((answer, i) => [
    ...(files ? [files[i]!] : []),
    ...answer.flatMap((one) => (typeof one === 'number' ? [one] : [one.class, one.score])),
  ])
  const table = [[...(files ? ['file'] : []), ...head], ...lines]
  return { json: { ...(columns && { columns }), predictions }, text: csv(table) }
}
