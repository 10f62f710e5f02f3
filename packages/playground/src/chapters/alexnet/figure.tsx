// The photograph as it is read, the answers, the filters and the maps.
import { bound } from '../../page/bound'
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
        <Choice label="Channels" {...bound(model.order)} from={ORDERS} />
        <Choice label="Values" {...bound(model.scaling)} from={SCALINGS} />
        <Choice
          label="Weights of the dense layers, once opened"
          {...bound(model.storage)}
          from={model.STORAGES}
          disabled={model.loading.value !== undefined}
        />
      </div>
      <Filters />
      <Maps />
      <Table />
    </>
  )
}
