// The end of an epoch: report and checkpoint.
import type { Dataset } from '../data/dataset'
import type { EpochAnswer } from '../engine/protocol'
import type { FitOptions } from './options'
import type { EpochReport } from './report'
import type { Trainable } from './trainable'

/** The report of an epoch that took `milliseconds`, pauses included. Evaluates the selection samples. */
export async function reportOf(
  network: Trainable,
  { progress, waited }: EpochAnswer,
  milliseconds: number,
  selection: Dataset | undefined,
  { loss, regularization }: FitOptions,
): Promise<EpochReport> {
  const seconds = (milliseconds - waited) / 1000
  const measured = selection
    ? await network.evaluate(selection, {
        ...(loss === undefined ? {} : { loss }),
        ...(regularization === undefined ? {} : { regularization }),
      })
    : undefined
  return {
    epoch: progress.epoch,
    loss: progress.loss,
    regularization: progress.regularization,
    accuracy: progress.accuracy,
    exactMatch: progress.exactMatch,
    selectionLoss: measured?.loss,
    selectionAccuracy: measured?.accuracy,
    selectionExactMatch: measured?.exactMatch,
    seconds,
    samplesPerSecond: progress.samples / seconds,
    learningRate: progress.learningRate,
    gradientNorm: progress.gradientNorm,
    gradientChange: progress.gradientChange,
    gradientLargest: progress.gradientLargest,
    gradientEvaluations: progress.gradientEvaluations,
    lossEvaluations: progress.lossEvaluations,
  }
}

/** Saves the model to the checkpoint, if there is one. */
export async function save(
  network: Trainable,
  report: EpochReport,
  checkpoint: FitOptions['checkpoint'],
): Promise<void> {
  if (typeof checkpoint === 'function') await checkpoint(await network.toBytes(), report)
  else if (checkpoint !== undefined) await network.save(checkpoint)
}
