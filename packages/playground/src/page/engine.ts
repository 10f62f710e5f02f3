// The page's own engine, what went wrong, and how fast it was.
import { signal } from '@preact/signals'
import { type EngineInfo, init } from 'hebb'
import { isolate } from '../offline/isolate'

export const engine = signal<EngineInfo | undefined>(undefined)
/** An error message for the reader; the page stays as it was. */
export const problem = signal('')
/** Whether the reader has done something since the last error: work that goes on by itself must not hide it. */
let acted = true
for (const event of ['pointerdown', 'keydown', 'change', 'drop']) {
  document.addEventListener(
    event,
    () => {
      acted = true
    },
    true,
  )
}
/** Samples computed per second; 0 before anything was measured. */
export const speed = signal(0)

/** Starts the engine, after the service worker had its chance to isolate the page, which gives it threads. */
export async function start(): Promise<void> {
  await isolate()
  engine.value = await init()
}

/** Runs `work` and shows its error, if it has one; it stays until the reader has acted and some work succeeds. */
export async function guarded(work: () => unknown): Promise<void> {
  try {
    await work()
    if (acted) problem.value = ''
  } catch (error) {
    acted = false
    problem.value = error instanceof Error ? error.message : String(error)
  }
}

/** Runs `work` and shows its speed; `samples` says how many samples it computed. */
export async function measured<T>(work: () => Promise<T>, samples: (result: T) => number): Promise<T> {
  const from = performance.now()
  const result = await work()
  const seconds = (performance.now() - from) / 1000
  if (seconds > 0) speed.value = samples(result) / seconds
  return result
}
