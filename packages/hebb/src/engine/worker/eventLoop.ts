// Turns of the event loop, which trainings, predictions and everything else share.

/** How long the engine computes before it looks for messages. */
export const TIME_SLICE_MS = 10

/** Whether this is the core of `hebb/edge`; the build says so. */
declare const HEBB_EDGE: boolean

let turn: (() => Promise<void>) | undefined

/** Resolves after the waiting messages have been served. A timer would wait milliseconds: it is for hosts that have nothing else. */
export function yieldToEventLoop(): Promise<void> {
  turn ??=
    typeof setImmediate === 'function'
      ? () => new Promise((resolve) => setImmediate(resolve))
      : HEBB_EDGE && typeof MessageChannel === 'undefined'
        ? () => new Promise((resolve) => setTimeout(resolve))
        : byPort()
  return turn()
}

/** The same by a message to this thread, for browsers. */
function byPort(): () => Promise<void> {
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

/** Calls `advance` until it returns true, and serves messages between time slices. */
export async function inTimeSlices(advance: () => boolean): Promise<void> {
  for (let from = performance.now(); !advance(); ) {
    if (performance.now() - from < TIME_SLICE_MS) continue
    await yieldToEventLoop()
    from = performance.now()
  }
}
