import { Controls } from './controls'
import { Filters } from './filters'
import { Learning } from './learning'
import { Maps } from './maps'
import { Reading } from './reading'
import { engine } from './state'

export function App() {
  return (
    <>
      <header>
        <div>
          <h1>Hebb playground</h1>
          <p>LeNet-5 reads your digits, and learns to read them from nothing, in this page.</p>
        </div>
        <Engine />
      </header>
      <main>
        <Reading />
        <Controls />
        <Learning />
        <Filters />
        <Maps />
      </main>
      <footer>
        Digits: MNIST, by LeCun, Cortes and Burges. Network: LeNet-5, by LeCun, Bottou, Bengio and Haffner
        (1998). Nothing leaves this page: what you draw stays here.
      </footer>
    </>
  )
}

/** Which artifact and threads compute, and why they are not faster. */
function Engine() {
  const { value: info } = engine
  if (!info) return <p class="engine">Starting the engine …</p>
  const { threads, simd, isolated } = info
  return (
    <p class={isolated ? 'engine' : 'engine slow'} id="engine" data-threads={threads}>
      {threads} {threads === 1 ? 'thread' : 'threads'} · {simd === 'relaxed' ? 'relaxed SIMD' : 'SIMD'}
      {!isolated && (
        <small>
          Only one thread, because the page is not cross-origin isolated: its server sends no COOP and COEP
          headers.
        </small>
      )}
    </p>
  )
}
