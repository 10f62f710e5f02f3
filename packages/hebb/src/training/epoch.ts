// The end of an epoch: report and checkpoint.
import type { EpochAnswer } from '../engine/protocol'
import type { FitOptions } from './options'
import type { EpochReport } from './report'
import type { Trainable } from './trainable'

/** The report of an epoch. */
export function reportOf({ progress, selection, seconds }: EpochAnswer): EpochReport {
  const { batch, batches, batchLoss, samples, ...report } = progress
  return {
    ...report,
    selectionLoss: selection?.loss,
    selectionAccuracy: selection?.accuracy,
    selectionExactMatch: selection?.exactMatch,
    seconds,
    samplesPerSecond: samples / seconds,
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
