import { type Series, toSeries } from '../data/windows'
import { HebbError } from '../errors'
import { checkKeys, checkWhole } from '../options'
import { Output } from '../tensor'
import { Predictor } from './predictor'

/** A forecast is one array, and each of its steps a prediction. */
const MOST_STEPS = 1_000_000

/**
 * Continues a time series by `steps` time steps, freely running: the network reads the last T rows of the series, its answer
 * is the next row, and becomes an input of the row after it. The network is `[T, features]` → `[features]`, as trained on
 * {@link datasets.windows} with `horizon` 1, or → `[T, features]`, whose last row counts. The result is `[steps]` for a
 * series of numbers, and `[steps, features]` for one of rows.
 *
 * An error grows as it is fed back: compare with a forecast of what is known already.
 *
 * @example const future = await forecast(net, series, { steps: 20 })
 * @throws HebbError `option`; `shape` if the series is shorter than T, or if it does not fit the network; `data` if a value
 * of the series or of the forecast is not finite
 */
export async function forecast(net: Predictor, series: Series, options: { steps: number }): Promise<Output> {
  const who = 'forecast'
  if (!(net instanceof Predictor)) {
    throw new HebbError('option', `${who} takes a network, a series and { steps }`)
  }
  checkKeys(who, options, ['steps'])
  const steps = checkWhole(who, 'steps', options.steps, 1, MOST_STEPS)
  const { data, shape, flat } = toSeries(who, series)
  const { inputs, outputs } = net.description
  const [own, answer] = [inputs[0]![1], outputs[0]!.shape]
  const [window, features] = own as [number, number]
  const fed = inputs.length === 1 && outputs.length === 1 && own.length === 2 && answer.at(-1) === features
  if (!fed || answer.length > 2 || (answer.length === 2 && answer[0] !== window)) {
    throw new HebbError(
      'shape',
      `${who} feeds answers back: the network must be [T, features] → [features], it is [${own}] → [${answer}]`,
    )
  }
  if (shape[1] !== features) {
    throw new HebbError('shape', `${who}: the series has ${shape[1]} features, the network reads ${features}`)
  }
  if (shape[0]! < window) {
    throw new HebbError(
      'shape',
      `${who}: the network reads ${window} steps, the series has ${shape[0]}: give its last ${window} or more`,
    )
  }
  const all = new Float32Array((window + steps) * features)
  all.set(data.subarray(data.length - window * features))
  for (let step = 0; step < steps; step++) {
    const from = step * features
    const x = all.slice(from, from + window * features)
    const row = (await net.predict({ data: x, shape: own })).data.slice(-features)
    if (!row.every(Number.isFinite)) {
      throw new HebbError(
        'data',
        `${who}: step ${step} is not finite: the answers grow as they are fed back; shorten the forecast, or train with the values scaled`,
      )
    }
    all.set(row, from + window * features)
  }
  return new Output(all.slice(window * features), flat ? [steps] : [steps, features])
}
