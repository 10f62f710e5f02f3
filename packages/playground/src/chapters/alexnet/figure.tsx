// The photograph as it is read, the answers, the filters and the maps.
import './alexnet.css'
import { useMemo } from 'preact/hooks'
import { Colours } from '../../draw/colours'
import { Choice } from '../../page/choice'
import { Answers } from './answers'
import { Filters, Maps } from './maps'
import * as model from './model'
import { asSeen, ORDERS, SCALINGS, SIDE } from './recipe'
import { Table } from './table'

export function Figure() {
  const read = model.seen.value?.read
  const picture = useMemo(() => read && asSeen(read), [read])
  return (
    <>
      <div class="seen">
        <figure>
          <figcaption>
            What it reads, {SIDE} × {SIDE}
          </figcaption>
          {picture && <Colours data={picture} width={SIDE} />}
        </figure>
        <div class="prose">
          <Answers />
        </div>
      </div>
      <div class="controls">
        <Choice
          label="Channels"
          value={model.order.value}
          from={ORDERS}
          set={(value) => {
            model.order.value = value
          }}
        />
        <Choice
          label="Values"
          value={model.scaling.value}
          from={SCALINGS}
          set={(value) => {
            model.scaling.value = value
          }}
        />
        <Choice
          label="Weights of the dense layers, once opened"
          value={model.storage.value}
          from={model.STORAGES}
          disabled={model.loading.value !== undefined}
          set={(value) => {
            model.storage.value = value
          }}
        />
      </div>
      <Filters />
      <Maps />
      <Table />
    </>
  )
}
