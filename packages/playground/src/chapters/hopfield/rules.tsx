// What each rule recalls from the same cue; one of them is shown step by step.
import { Bitmap } from '../../draw/bitmap'
import { short } from './meaning'
import * as model from './model'

export function Rules() {
  const { value: results } = model.results
  return (
    <fieldset class="rules">
      <legend>What each rule recalls</legend>
      {Object.entries(model.RULES).map(([name, title]) => {
        const rule = name as model.Rule
        const result = results[rule]
        return (
          <button
            type="button"
            key={rule}
            data-rule={rule}
            aria-pressed={model.rule.value === rule}
            onClick={() => {
              model.rule.value = rule
              model.change.value = -1
            }}
          >
            <Bitmap cells={result?.state ?? model.cue.value} />
            <b>{title}</b>
            <small>{result ? short(result) : '…'}</small>
          </button>
        )
      })}
    </fieldset>
  )
}
