// What others do to the machine meanwhile.
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** Above this many busy cores a measurement says little: of two threads one waits for the other. */
export const DISTURBED = 0.3

/** Cores that were busy while the engines rested, over a third of a second. */
export async function othersLoad(): Promise<number> {
  // Threads of engines that spin for more work give up first.
  await sleep(200)
  const before = times()
  await sleep(300)
  const now = times()
  return Number((((now.busy - before.busy) / (now.all - before.all)) * cpus().length).toFixed(2))
}

function times(): { busy: number; all: number } {
  let [busy, all] = [0, 0]
  for (const { times } of cpus()) {
    const sum = Object.values(times).reduce((a, b) => a + b, 0)
    busy += sum - times.idle
    all += sum
  }
  return { busy, all }
}
