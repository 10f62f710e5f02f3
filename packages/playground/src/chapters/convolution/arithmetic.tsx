// One number of the map: nine pixels times nine weights, which can be changed.
import * as model from './model'

export function Arithmetic() {
  const { value: weights } = model.weights
  const { values } = model.patch.value
  const products = values.map((x, i) => x * weights[i]!)
  const net = products.reduce((sum, one) => sum + one, model.bias.value)
  const output = model.relu.value === 'yes' ? Math.max(0, net) : net
  const [row, column] = [
    Math.floor(model.shown.value / model.size.value) + 1,
    (model.shown.value % model.size.value) + 1,
  ]
  return (
    <div class="arithmetic">
      <Numbers name="pixels x" values={values} />
      <b aria-hidden="true">×</b>
      <fieldset class="numbers">
        {weights.map((weight, i) => (
          <input
            key={i}
            type="number"
            step={0.5}
            aria-label={`Weight in row ${Math.floor(i / 3) + 1}, column ${(i % 3) + 1}`}
            value={weight}
            onInput={({ currentTarget }) => {
              const value = currentTarget.valueAsNumber
              if (Number.isFinite(value) && Math.abs(value) <= 100)
                model.setWeights(weights.map((own, j) => (j === i ? value : own)))
            }}
          />
        ))}
        <legend>filter w: change it</legend>
      </fieldset>
      <b aria-hidden="true">=</b>
      <Numbers name="products" values={products} />
      <p>
        Row {row}, column {column} of the map: the nine products and b = {two(model.bias.value)} sum up to{' '}
        <b id="net">{two(net)}</b>
        {model.relu.value === 'yes' && <>, and max(0, net) = {two(output)}</>}.
      </p>
    </div>
  )
}

function Numbers({ name, values }: { name: string; values: readonly number[] }) {
  return (
    <figure>
      <figcaption>{name}</figcaption>
      <div class="numbers">
        {values.map((value, i) => (
          <span key={i}>{two(value)}</span>
        ))}
      </div>
    </figure>
  )
}

const two = (value: number) => String(Number(value.toFixed(2))).replace('-', '−')
