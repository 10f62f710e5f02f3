// Draw a digit, and see what the network reads.
import { Plane } from '../../draw/plane'
import { SIDE } from './digits'
import { clear, Pad } from './pad'
import { chosen, examples, image, probabilities, shipped, strokes, tracing } from './state'

export function Figure() {
  const { value: all } = probabilities
  return (
    <>
      <div class="reading">
        <div>
          <Pad />
          <div class="under">
            <button type="button" onClick={clear} disabled={tracing.value}>
              Clear
            </button>
            <span>What it gets</span>
            <Plane data={image.value} width={SIDE} height={SIDE} most={255} />
          </div>
        </div>
        <Answer all={all} />
      </div>
      <Chooser />
    </>
  )
}

function Answer({ all }: { all: ArrayLike<number> | undefined }) {
  const order = Array.from(all ?? [], (_, digit) => digit).sort((a, b) => all![b]! - all![a]!)
  const [best = -1] = order
  const percent = (digit: number) => (all ? 100 * all[digit]! : 0)
  return (
    <div>
      <p class="answer" role="status" id="answer" data-digit={best} data-drawn={!tracing.value}>
        {all ? <Words all={all} order={order} /> : 'Loading the network …'}
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
      <p class="aside">
        {tracing.value && 'It reads the grey digit: trace it, or draw your own. '}
        {shipped.value
          ? 'Its weights come with Hebb: 99.5 % of the 10,000 test digits are right.'
          : 'It is the network that learns on this page: at first, every answer is a guess.'}
      </p>
    </div>
  )
}

/** As sure as the network is. */
function Words({ all, order }: { all: ArrayLike<number>; order: readonly number[] }) {
  const [best = 0, second = 0] = order
  const one = (digit: number) => (digit === 8 ? 'an' : 'a')
  const first = (
    <>
      {one(best)} <b>{best}</b>
    </>
  )
  if (all[best]! >= 0.9) return <>This is {first}</>
  if (all[best]! >= 0.5) return <>Probably {first}</>
  return (
    <>
      Perhaps {first}, or {one(second)} <b>{second}</b>
    </>
  )
}

/** Digits of the test set, to read instead of a drawing. */
function Chooser() {
  return (
    <fieldset class="chooser">
      <legend>Or read a digit of MNIST's test set</legend>
      {examples.value.map((example, digit) => (
        <button
          type="button"
          key={digit}
          aria-label={`Test digit ${digit}`}
          aria-pressed={chosen.value === example}
          onClick={() => {
            strokes.value = []
            chosen.value = example
          }}
        >
          <Plane data={example} width={SIDE} height={SIDE} most={255} />
        </button>
      ))}
    </fieldset>
  )
}
