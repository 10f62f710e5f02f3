// How fast this page computes, on how many threads, and why not on more.
import { engine, problem, speed } from './engine'

export function Speed() {
  const { value: info } = engine
  if (!info) {
    return <p class="speed">{problem.value ? 'The engine did not start.' : 'Starting the engine …'}</p>
  }
  const { threads, simd, isolated } = info
  return (
    <p class="speed" id="engine" data-threads={threads}>
      {speed.value > 0 && <span>{short(speed.value)} samples/s</span>}
      <span>
        {threads} {threads === 1 ? 'thread' : 'threads'}
      </span>
      <span>{simd === 'relaxed' ? 'relaxed SIMD' : 'SIMD'}</span>
      {!isolated && (
        <span class="slow">
          Only one thread, because this page is not cross-origin isolated: its server sends no COOP and COEP
          headers, and this browser lets no service worker add them here.
        </span>
      )}
    </p>
  )
}

/** Three digits are as many as a measurement of milliseconds has. */
function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en')
}
