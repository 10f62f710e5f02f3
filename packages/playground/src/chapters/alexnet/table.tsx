// What each layer makes of an image, and what it costs. A layer with maps can be chosen.
import { ROWS } from './layers'
import * as model from './model'

const sum = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0)
const MOST = {
  parameters: Math.max(...ROWS.map(({ parameters }) => parameters)),
  macs: Math.max(...ROWS.map(({ macs }) => macs)),
}
const short = (value: number) =>
  value === 0 ? '' : value < 1e5 ? value.toLocaleString('en') : `${(value / 1e6).toFixed(1)} M`

/** Sizes are not broken between lines. */
const NARROW = '\u00a0×\u00a0'

export function Table() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll what has the focus.
    <section class="scroll" aria-label="The layers" tabIndex={0}>
      <table class="costs">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Output</th>
            <th scope="col">Parameters</th>
            <th scope="col">Multiply–adds</th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(({ name, text, shape, parameters, macs }) => (
            <tr key={name}>
              <th scope="row">
                {shape.length === 3 ? (
                  <button
                    type="button"
                    class="plain"
                    aria-pressed={model.layer.value === name}
                    onClick={() => {
                      model.layer.value = name
                    }}
                  >
                    {name}
                  </button>
                ) : (
                  <span>{name}</span>
                )}
                <small>{text.replaceAll(' × ', NARROW)}</small>
              </th>
              <td>{shape.join(' × ')}</td>
              <td>
                {short(parameters)}
                <Bar share={parameters / MOST.parameters} />
              </td>
              <td>
                {short(macs)}
                <Bar share={macs / MOST.macs} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">together</th>
            <td />
            <td>{sum(ROWS.map(({ parameters }) => parameters)).toLocaleString('en')}</td>
            <td>{sum(ROWS.map(({ macs }) => macs)).toLocaleString('en')}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

function Bar({ share }: { share: number }) {
  return <span class="cost" style={{ width: `${100 * share}%` }} />
}
