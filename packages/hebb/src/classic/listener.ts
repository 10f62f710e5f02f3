import { checkCallback } from '../options'

/** The listener `onProgress` of some options, checked; one that does nothing if there is none. */
export function listener(
  who: string,
  { onProgress }: { onProgress?: (part: number) => void },
): (part: number) => void {
  checkCallback(who, 'onProgress', onProgress)
  return onProgress ?? (() => {})
}
