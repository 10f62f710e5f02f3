// Recognises the visitor's drawing.
import { SIDE } from './digits'
import { clear, Pad } from './pad'
import { Panel } from './panel'
import { Plane } from './plane'
import { drawing, probabilities, shipped } from './state'

const EMPTY = new Uint8Array(SIDE * SIDE)

export function Reading() {
  const { value: all } = probabilities
  const best = all ? all.indexOf(Math.max(...all)) : -1
  const percent = (digit: number) => (all ? 100 * all[digit]! : 0)
  return (
    <Panel id="reading" title="Let it read yours">
      <p>
        Draw a digit, with a finger or the mouse. It is centred and scaled to 28 × 28 as the training digits
        were, and read as you draw,{' '}
        {shipped.value
          ? 'by a network that comes with Hebb: 99.5 % of the 10,000 test digits are right.'
          : 'by the network that learns on this page: at first, every answer is a guess.'}
      </p>
      <div class="reading">
        <div>
          <Pad />
          <div class="under">
            <button type="button" onClick={clear} disabled={!drawing.value}>
              Clear
            </button>
            <span>What it gets</span>
            <Plane data={drawing.value ?? EMPTY} width={SIDE} height={SIDE} most={255} />
          </div>
        </div>
        <div>
          <p class="answer" role="status" id="answer" data-digit={all ? best : ''}>
            {all ? (
              <>
                This is a <b>{best}</b>
              </>
            ) : (
              'Nothing drawn yet'
            )}
          </p>
          <ol class="bars" aria-label="Probability of each digit">
            {Array.from({ length: 10 }, (_, digit) => (
              <li key={digit} class={digit === best ? 'best' : ''}>
                <span>{digit}</span>
                <span class="track" aria-hidden="true">
                  <span class="bar" style={{ width: `${percent(digit)}%` }} />
                </span>
                <span class="share">{all ? `${percent(digit).toFixed(0)} %` : '–'}</span>
              </li>
            ))}
          </ol>
        </div>
      </div>
    </Panel>
  )
}
