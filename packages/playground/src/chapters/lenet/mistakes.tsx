// What the trained network gets wrong.
import { Plane } from '../../draw/plane'
import { Panel } from '../../page/panel'
import { SIDE } from './digits'
import { chosen, strokes, verdict } from './state'

export function Mistakes() {
  if (!verdict.value) return null
  const { confusion, mistakes } = verdict.value
  return (
    <Panel id="mistakes" title="What it gets wrong" view>
      <p>
        Each row of the table is a digit of the test set, each column an answer. Off the diagonal are the
        mistakes. Press one of the digits to see what happened.
      </p>
      <div class="wrong">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll what has the focus. */}
        <section class="scroll" tabIndex={0} aria-label="Table of answers">
          <table class="confusion">
            <caption>Digits and answers</caption>
            <thead>
              <tr>
                <td />
                {confusion.map((_, answer) => (
                  <th key={answer} scope="col">
                    {answer}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {confusion.map((row, digit) => (
                <tr key={digit}>
                  <th scope="row">{digit}</th>
                  {row.map((count, answer) => (
                    <td key={answer} class={digit === answer ? 'right' : count > 0 ? 'false' : ''}>
                      {count || '·'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <div class="chooser">
          {mistakes.map(({ image, digit, answer }, i) => (
            <button
              type="button"
              key={i}
              title={`A ${digit} that it takes for ${answer}`}
              aria-pressed={chosen.value === image}
              onClick={() => {
                strokes.value = []
                chosen.value = image
              }}
            >
              <Plane data={image} width={SIDE} height={SIDE} most={255} />
              <small>
                {digit} → {answer}
              </small>
            </button>
          ))}
        </div>
      </div>
    </Panel>
  )
}
