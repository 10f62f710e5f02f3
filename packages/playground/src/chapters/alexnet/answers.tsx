// The five likeliest classes, and those without the mistake.
import type { ClassScore } from 'hebb'
import * as model from './model'

export function Answers() {
  const { value: seen } = model.seen
  if (model.loading.value !== undefined) {
    return <p role="status">Loading the weights: {Math.round(100 * model.loading.value)} %</p>
  }
  if (!seen || !model.used.value?.whole) {
    return (
      <p>
        The weights are drawn at random, so these layers have learned nothing and there is no answer. Open a
        file of trained weights, under <b>Your own data</b>, to have all layers.
      </p>
    )
  }
  return (
    <div class="answers" data-prepared={seen.prepared}>
      <List title="It answers" scores={seen.answers} id="answers" />
      {seen.answers !== seen.right && <List title="Prepared as in training" scores={seen.right} id="right" />}
    </div>
  )
}

function List({ title, scores, id }: { title: string; scores: readonly ClassScore<number>[]; id: string }) {
  return (
    <div id={id}>
      <h3>{title}</h3>
      <ol class="bars classes">
        {scores.map(({ index, label, probability }, i) => (
          <li key={index} class={i === 0 ? 'best' : ''} data-class={index}>
            <span>{label}</span>
            <span class="track">
              <span class="bar" style={{ width: `${100 * probability!}%` }} />
            </span>
            <span class="share">{(100 * probability!).toFixed(1)} %</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
