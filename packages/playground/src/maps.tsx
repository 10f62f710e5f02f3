// The output of each layer for a digit.
import type { Output } from 'hebb'
import { SIDE } from './digits'
import { Panel } from './panel'
import { Plane } from './plane'
import { guarded, look } from './session'
import { activations, chosen, drawing, examples } from './state'

const LAYERS = [
  { name: 'conv1', title: '1 · Convolution', text: 'where each filter answers' },
  { name: 'pool1', title: '2 · Pooling', text: 'half as fine, less about the exact place' },
  { name: 'conv2', title: '3 · Convolution', text: 'combinations: corners, ends, loops' },
  { name: 'pool2', title: '4 · Pooling', text: 'half as fine again' },
  { name: 'dense1', title: '5 · Dense', text: '120 mixtures of all maps' },
  { name: 'dense2', title: '6 · Dense', text: '84 mixtures of those' },
  { name: 'dense3', title: '7 · Softmax', text: 'a probability for each digit, 0 to 9' },
]

export function Maps() {
  return (
    <Panel id="maps" title="What it sees">
      <p>
        Each layer turns the image into <b>feature maps</b> for the next. Choose a digit, which the network is
        never trained on, and watch its maps take shape. <b class="positive">Orange</b> is positive,{' '}
        <b class="negative">blue</b> negative.
      </p>
      <Chooser />
      <div class="layers">
        {LAYERS.map(({ name, title, text }) => (
          <div class="layer" key={name}>
            <h3>
              {title} <small>{text}</small>
            </h3>
            <Layer name={name} title={title} output={activations.value?.[name]} />
          </div>
        ))}
      </div>
    </Panel>
  )
}

/** An image layer as its feature maps; a flat one as one row. */
function Layer({ name, title, output }: { name: string; title: string; output: Output | undefined }) {
  const [count = 1, height = 1, width = 1] =
    output?.shape.length === 1 ? [1, 1, output.shape[0]!] : (output?.shape ?? [])
  const most = output?.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6) ?? 1
  const size = width * height
  return (
    <div class={`tiles ${name}`} role="img" aria-label={`${title}: ${count} of ${height} by ${width}`}>
      {output &&
        Array.from({ length: count }, (_, i) => (
          <Plane
            key={i}
            data={output.data.subarray(i * size, (i + 1) * size)}
            width={width}
            height={height}
            most={most}
          />
        ))}
    </div>
  )
}

function Chooser() {
  const choices = [
    ...examples.value.map((image, digit) => ({ which: digit, image, name: `digit ${digit}` })),
    ...(drawing.value ? [{ which: 'drawing' as const, image: drawing.value, name: 'your drawing' }] : []),
  ]
  return (
    <fieldset class="chooser">
      <legend>Digit to show</legend>
      {choices.map(({ which, image, name }) => (
        <label key={which} title={name}>
          <input
            type="radio"
            name="shown"
            aria-label={name}
            checked={chosen.value === which}
            onChange={() => {
              chosen.value = which
              guarded(look)
            }}
          />
          <Plane data={image} width={SIDE} height={SIDE} most={255} />
        </label>
      ))}
    </fieldset>
  )
}
