/**
 * Wraps `work` so that it never runs twice at a time: all calls during a run share one more run, which begins after the
 * current one has ended.
 */
export function single(work: () => Promise<void>): () => Promise<void> {
  let stale = false
  let running: Promise<void> | undefined
  const runs = async () => {
    try {
      while (stale) {
        stale = false
        await work()
      }
    } finally {
      running = undefined
    }
  }
  return () => {
    stale = true
    running ??= runs()
    return running
  }
}
