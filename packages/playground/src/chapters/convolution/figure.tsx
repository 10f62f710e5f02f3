// The picture, the map that the filter makes of it, and the map after pooling.
import { bound } from '../../page/bound'
import './convolution.css'
import { computed } from '@preact/signals'
import { Grey } from '../../draw/grey'
import { Plane } from '../../draw/plane'
import { Choice } from '../../page/choice'
import { Player } from '../../page/player'
import { Slider } from '../../page/slider'
import { Arithmetic } from './arithmetic'
import { FeatureMap } from './featureMap'
import { Frame } from './frame'
import * as model from './model'
import { SIDE } from './picture'

const windows = computed(() => model.size.value ** 2)
const step = computed(() => model.shown.value + 1)
const WHOLE = ['1', '2', '3'] as const

export function Figure() {
  const { value: maps } = model.maps
  const { top, left } = model.patch.value
  const most = maps ? maps.map.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6) : 1
  return (
    <>
      <div class="maps">
        <figure>
          <figcaption>
            Picture, {SIDE} × {SIDE}
          </figcaption>
          <div class="framed">
            <Grey data={model.pixels.value} width={SIDE} />
            <Frame top={top} left={left} size={model.KERNEL} of={SIDE} />
          </div>
        </figure>
        <figure>
          <figcaption>
            Map, {model.size.value} × {model.size.value}
          </figcaption>
          {maps && <FeatureMap {...maps} most={most} />}
        </figure>
        {maps?.pooled && (
          <figure>
            <figcaption>
              After pooling, {maps.pooled.size} × {maps.pooled.size}
            </figcaption>
            <Plane data={maps.pooled.data} width={maps.pooled.size} height={maps.pooled.size} most={most} />
          </figure>
        )}
      </div>
      <Player
        name="Window"
        last={windows}
        shown={step}
        show={(window) => {
          model.place.value = Math.max(0, window - 1)
          model.moving.value = window < windows.value
        }}
      />
      <Arithmetic />
      <div class="controls">
        <Choice
          label="Filter"
          value={
            Object.keys(model.FILTERS).find(
              (name) => `${model.FILTERS[name]!.weights}` === `${model.weights.value}`,
            ) ?? ''
          }
          from={{
            '': 'your own',
            ...Object.fromEntries(Object.entries(model.FILTERS).map(([id, { name }]) => [id, name])),
          }}
          set={(name) => {
            if (name in model.FILTERS) model.setWeights(model.FILTERS[name]!.weights)
          }}
        />
        <Choice
          label="Stride"
          value={String(model.stride.value)}
          from={Object.fromEntries(
            [...new Set([...WHOLE, String(model.stride.value)])].map((one) => [one, one]),
          )}
          set={(value) => {
            model.stride.value = Number(value)
          }}
        />
        <Choice
          label="Padding"
          value={String(model.padding.value)}
          from={{ '0': '0', '1': '1', '2': '2' }}
          set={(value) => {
            model.padding.value = Number(value)
          }}
        />
        <Choice label="Activation" {...bound(model.relu)} from={{ no: 'none', yes: 'ReLU' }} />
        <Choice label="Pooling" {...bound(model.pooling)} from={model.POOLINGS} />
        <Slider label="Bias b" {...bound(model.bias)} least={-4} most={4} stride={0.1} />
      </div>
    </>
  )
}
