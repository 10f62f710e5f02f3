// One number of a convolution, taken apart: patch × filter, summed, with the bias, through the activation.
import { Plane } from '../../draw/plane'
import type { Unit } from './architecture'
import { SIDE } from './digits'
import { activations, image, kind, shipped, weights } from './state'

const KERNEL = 5
const TAPS = KERNEL * KERNEL
/** What the network does to a byte first. */
const MEAN = 0.1307
const DEVIATION = 0.3081

export function Multiplication({ unit }: { unit: Unit }) {
  const made = taken(unit)
  if (!made) return null
  const { patch, filter, sum, bias, answer } = made
  const products = patch.map((value, i) => value * filter[i]!)
  const relu = kind.value === 'relu' && !shipped.value
  const planes = [
    { name: 'patch', data: patch, sign: '×' },
    { name: 'filter', data: filter, sign: '=' },
    { name: 'products', data: products, sign: '' },
  ]
  const channels = patch.length / TAPS
  return (
    <figure class="multiplication" aria-label="One number of a convolution">
      {planes.map(({ name, data, sign }) => (
        <div key={name}>
          <div class={channels > 1 ? 'stack' : ''}>
            {Array.from({ length: channels }, (_, channel) => (
              <Plane
                key={channel}
                data={data.subarray(channel * TAPS, (channel + 1) * TAPS)}
                width={KERNEL}
                height={KERNEL}
                most={data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6)}
              />
            ))}
          </div>
          <small>{name}</small>
          {sign && <b aria-hidden="true">{sign}</b>}
        </div>
      ))}
      <p>
        Map {unit.map + 1}, row {unit.row + 1}, column {unit.column + 1}: the {patch.length} products sum up
        to <b>{three(sum)}</b>, with the bias {three(bias)} net = {three(sum + bias)}, and{' '}
        {relu ? 'max(0, net)' : 'tanh(net)'} = <b id="product">{three(answer)}</b>.
      </p>
    </figure>
  )
}

/** The patch below a unit with its filter; undefined before the network has answered. */
function taken({ layer, map, row, column }: Unit) {
  const first = layer === 'conv1'
  const filters = weights.value?.[`${layer}.weight`]?.data
  const biases = weights.value?.[`${layer}.bias`]?.data
  const output = activations.value?.[layer]
  const below = first ? image.value : activations.value?.pool1?.data
  if (!filters || !biases || !output || !below) return undefined
  const [side, channels, padding] = first ? [SIDE, 1, 2] : [14, 6, 0]
  const patch = new Float32Array(channels * TAPS)
  for (let channel = 0; channel < channels; channel++) {
    for (let tap = 0; tap < TAPS; tap++) {
      const y = row - padding + Math.floor(tap / KERNEL)
      const x = column - padding + (tap % KERNEL)
      // Outside of the image there are zeros.
      if (y < 0 || y >= side || x < 0 || x >= side) continue
      const value = below[(channel * side + y) * side + x]!
      patch[channel * TAPS + tap] = first ? (value / 255 - MEAN) / DEVIATION : value
    }
  }
  const filter = Float32Array.from(filters.subarray(map * patch.length, (map + 1) * patch.length))
  const sum = patch.reduce((sum, value, i) => sum + value * filter[i]!, 0)
  const [, height, width] = output.shape as [number, number, number]
  return {
    patch,
    filter,
    sum,
    bias: biases[map]!,
    answer: output.data[(map * height + row) * width + column]!,
  }
}

const three = (value: number) => value.toFixed(3).replace('-', '−')
