// The whole network in one picture: what each layer answers to the shown digit, and how one number of it comes about.
import { useSignal } from '@preact/signals'
import type { Output } from 'hebb'
import { Plane } from '../../draw/plane'
import { Choice } from '../../page/choice'
import { Panel } from '../../page/panel'
import { Slider } from '../../page/slider'
import { SIDE } from './digits'
import { Multiplication } from './multiplication'
import { activations, image } from './state'

export const LAYERS = [
  { name: 'conv1', title: 'Convolution', text: '6 filters of 5 × 5: strokes and edges' },
  { name: 'pool1', title: 'Pooling', text: 'half as fine, less about the exact place' },
  { name: 'conv2', title: 'Convolution', text: '16 filters of 6 × 5 × 5: corners, ends, loops' },
  { name: 'pool2', title: 'Pooling', text: 'half as fine again' },
  { name: 'dense1', title: 'Dense', text: '120 mixtures of all 400 numbers' },
  { name: 'dense2', title: 'Dense', text: '84 mixtures of those' },
  { name: 'dense3', title: 'Softmax', text: 'a probability for each digit' },
] as const

/** One number of a layer: a map, a row and a column. */
export interface Unit {
  layer: 'conv1' | 'conv2'
  map: number
  row: number
  column: number
}

export function Architecture() {
  const unit = useSignal<Unit>({ layer: 'conv1', map: 0, row: 14, column: 14 })
  return (
    <Panel id="architecture" title="What it sees" view>
      <p>
        Each layer turns the numbers before it into the numbers for the next one. <b>Point at a place</b> of a
        convolution to see the multiplications behind it.
      </p>
      <Scale />
      <Multiplication unit={unit.value} />
      <Chosen unit={unit} />
      <ol class="layers">
        <li class="layer">
          <h3>Image</h3>
          <small>1 × 28 × 28</small>
          <div class="tiles image">
            <Plane data={image.value} width={SIDE} height={SIDE} most={255} />
          </div>
        </li>
        {LAYERS.map(({ name, title, text }) => (
          <li class="layer" key={name}>
            <h3>{title}</h3>
            <small>
              {activations.value?.[name]?.shape.join(' × ')} · {text}
            </small>
            <Layer name={name} title={title} output={activations.value?.[name]} unit={unit} />
          </li>
        ))}
      </ol>
    </Panel>
  )
}

/** The same choice as by pointing, for keys and fingers. */
function Chosen({ unit }: { unit: { value: Unit } }) {
  const [maps, rows, columns] = activations.value?.[unit.value.layer]?.shape ?? [1, 1, 1]
  const parts = [
    { label: 'Map', key: 'map', count: maps! },
    { label: 'Row', key: 'row', count: rows! },
    { label: 'Column', key: 'column', count: columns! },
  ] as const
  return (
    <div class="controls">
      <Choice
        label="Layer"
        value={unit.value.layer}
        from={{ conv1: 'first convolution', conv2: 'second convolution' }}
        set={(layer) => {
          unit.value = { layer, map: 0, row: 4, column: 4 }
        }}
      />
      {parts.map(({ label, key, count }) => (
        <Slider
          key={key}
          label={label}
          value={unit.value[key] + 1}
          least={1}
          most={count}
          stride={1}
          set={(value) => {
            unit.value = { ...unit.value, [key]: value - 1 }
          }}
        />
      ))}
    </div>
  )
}

function Scale() {
  return (
    <p class="scale">
      <span>negative</span>
      <span class="gradient" aria-hidden="true" />
      <span>positive</span>
      <small>The full colours are the largest number of each layer.</small>
    </p>
  )
}

interface LayerProps {
  name: string
  title: string
  output: Output | undefined
  unit: { value: Unit }
}

/** An image layer as its feature maps; a flat one as one row. */
function Layer({ name, title, output, unit }: LayerProps) {
  const [count = 1, height = 1, width = 1] =
    output?.shape.length === 1 ? [1, 1, output.shape[0]!] : (output?.shape ?? [])
  const most = output?.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6) ?? 1
  const size = width * height
  const pointed = name === 'conv1' || name === 'conv2'
  return (
    <>
      <div class={`tiles ${name}`} role="img" aria-label={`${title}: ${count} of ${height} by ${width}`}>
        {output &&
          Array.from({ length: count }, (_, map) => (
            <div
              key={map}
              class={pointed ? 'pointed' : ''}
              onPointerMove={(event) => {
                if (!pointed) return
                const place = event.currentTarget.getBoundingClientRect()
                const at = (share: number, length: number) =>
                  Math.max(0, Math.min(length - 1, Math.floor(share * length)))
                const column = at((event.clientX - place.left) / place.width, width)
                const row = at((event.clientY - place.top) / place.height, height)
                unit.value = { layer: name, map, row, column }
              }}
            >
              <Plane
                data={output.data.subarray(map * size, (map + 1) * size)}
                width={width}
                height={height}
                most={most}
              />
              {pointed && unit.value.layer === name && unit.value.map === map && (
                <span
                  class="cursor"
                  style={{
                    left: `${(100 * unit.value.column) / width}%`,
                    top: `${(100 * unit.value.row) / height}%`,
                    width: `${100 / width}%`,
                    height: `${100 / height}%`,
                  }}
                />
              )}
            </div>
          ))}
      </div>
      {name === 'dense3' && (
        <div class="digits" aria-hidden="true">
          {Array.from({ length: 10 }, (_, digit) => (
            <span key={digit}>{digit}</span>
          ))}
        </div>
      )}
    </>
  )
}
