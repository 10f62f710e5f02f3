// The end of an epoch: report and checkpoint.
import type { EpochAnswer } from '../engine/protocol'
import type { FitOptions } from './options'
import type { EpochReport } from './report'
import type { Trainable } from './trainable'

/** The report of an epoch. */
export function reportOf({ progress, selection, seconds }: EpochAnswer): EpochReport {
  return {
    epoch: progress.epoch,
    loss: progress.loss,
    regularization: progress.regularization,
    accuracy: progress.accuracy,
    exactMatch: progress.exactMatch,
    selectionLoss: selection?.loss,
    selectionAccuracy: selection?.accuracy,
    selectionExactMatch: selection?.exactMatch,
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
