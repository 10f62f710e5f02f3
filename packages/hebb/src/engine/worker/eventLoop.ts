// Turns of the event loop, which trainings, predictions and everything else share.

/** A function that resolves once the messages that wait have been served; timers would wait milliseconds. */
export function turns(): () => Promise<void> {
  if (typeof setImmediate === 'function') return () => new Promise((resolve) => setImmediate(resolve))
  const { port1, port2 } = new MessageChannel()
  // Several trainings may wait at once: each message wakes the one that has waited longest.
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port2.postMessage(undefined)
    })
}

/** How long the engine computes before it looks for messages, in milliseconds. */
export const SLICE = 10

let breathe: (() => Promise<void>) | undefined

/** Advances until that answers true, and serves messages between slices. */
export async function inSlices(advance: () => boolean): Promise<void> {
  breathe ??= turns()
  for (let from = performance.now(); !advance(); ) {
    if (performance.now() - from < SLICE) continue
    await breathe()
    from = performance.now()
  }
}
