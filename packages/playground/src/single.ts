/**
 * Makes of `work` a function that never runs twice at a time: calls that come while it runs are answered by
 * one more run, which begins when this one has ended.
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
