// The end of an epoch: report and checkpoint.
import type { EpochAnswer } from '../engine/protocol'
import { type FitOptions, isFile } from './options'
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

/** Saves the model as `checkpoint` asks for, if it is a file or a function. */
export async function save(
  network: Trainable,
  report: EpochReport,
  checkpoint: FitOptions['checkpoint'],
): Promise<void> {
  if (typeof checkpoint === 'function') await checkpoint(await network.toBytes(), report)
  else if (isFile(checkpoint)) await network.save(checkpoint)
}
