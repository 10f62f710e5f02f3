// A photograph, how it is prepared, the network with drawn weights or the reader's, and what it makes of the photograph.
import { computed, effect, signal } from '@preact/signals'
import { type ClassScore, datasets, type Input, type Network, network, type Output } from 'hebb'
import { alexnet } from 'hebb/zoo'
import cat from '../../../../../docs/figures/chelsea.jpg'
import { guarded, measured } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered } from '../../page/url'
import { features, MAPPED } from './layers'
import { ORDERS, type Order, recipe, SCALINGS, type Scaling, SIDE } from './recipe'

const keysOf = <T extends string>(all: Readonly<Record<T, string>>) => Object.keys(all) as T[]

export const order = remembered<Order>('order', 'rgb', oneOf(keysOf(ORDERS)))
export const scaling = remembered<Scaling>('scaling', 'normalized', oneOf(keysOf(SCALINGS)))
export const layer = remembered<string>('layer', 'features.0', oneOf(MAPPED.map(({ name }) => name)))
const chosen = remembered('map', 0, numeric(0, 383, true))
export const answer = remembered('answer', 0, numeric(0, 1e12, true))

/** The memory that each way to keep the weights of the dense layers takes. */
export const STORAGES = { f32: '32 bits: 244 MB', f16: '16 bits: 127 MB', int8: '8 bits: 68 MB' } as const
export type Storage = keyof typeof STORAGES
export const storage = signal<Storage>('f32')

/** The address of the photograph: the page's own cat, or the reader's file while the page is open. */
export const photo = signal(new URL(cat, location.href).href)
/** The share of the reader's weights that is loaded; undefined while nothing loads. */
export const loading = signal<number | undefined>(undefined)

export const row = computed(() => MAPPED.find(({ name }) => name === layer.value)!)
export const map = computed(() => Math.min(chosen.value, row.value.shape[0]! - 1))
export function showMap(number: number): void {
  chosen.value = number
}

interface Used {
  net: Network<number>
  /** Whether it has the reader's weights and all layers. */
  whole: boolean
}
export const used = signal<Used | undefined>(undefined)

export interface Seen {
  /** The order and the scaling of what was read. */
  prepared: string
  /** What the network read, `[3, 224, 224]`. */
  read: Float32Array
  activations: Readonly<Record<string, Output>>
  /** The weights of the first layer, `[64, 3, 11, 11]`. */
  filters: Float32Array
  /** The five likeliest classes; none without weights. */
  answers: readonly ClassScore<number>[]
  /** Those for the photograph as it should be prepared. */
  right: readonly ClassScore<number>[]
}
export const seen = signal<Seen | undefined>(undefined)

const look = single(() =>
  guarded(async () => {
    if (!used.value) return
    const { net, whole } = used.value
    const [image, own, how] = [photo.value, order.value, scaling.value]
    const x = await datasets.prepare(image, recipe(own, how))
    const activations = await measured(
      () => net.activations(x),
      () => 1,
    )
    const usual = own === 'rgb' && how === 'normalized'
    const best = async (x: Input) => (whole ? net.classify(x, { top: 5 }) : [])
    const answers = await best(x)
    seen.value = {
      prepared: `${own} ${how}`,
      read: x.data as Float32Array,
      activations,
      filters: (await net.weights())['features.0.weight']!.data,
      answers,
      right: usual ? answers : await best(await datasets.prepare(image, recipe('rgb', 'normalized'))),
    }
  }),
)

/** The map that is shown, row by row. */
export const shownMap = computed(() => {
  const maps = seen.value?.activations[row.value.name]?.data as Float32Array | undefined
  const size = row.value.shape[1]! ** 2
  return maps?.subarray(map.value * size, (map.value + 1) * size)
})

/** The layers before the dense ones, with drawn weights. */
const drawn = async (): Promise<Used> => ({
  net: (await network([3, SIDE, SIDE], features(), { seed: 1 })) as Network<number>,
  whole: false,
})

/** Uses another network from now on. */
async function replace(next: Used): Promise<void> {
  const before = used.value
  used.value = next
  await look()
  before?.net.dispose()
}

/** Shows a photograph of the reader's; one that cannot be read leaves the last one. */
export async function showPhoto(file: File): Promise<void> {
  await datasets.prepare(file, recipe('rgb', 'normalized'))
  const before = photo.value
  photo.value = URL.createObjectURL(file)
  await look()
  URL.revokeObjectURL(before)
}

/** Loads the reader's weights into the whole network. */
export async function load(file: File): Promise<void> {
  if (loading.value !== undefined) throw new Error('Wait for the weights that are loading.')
  loading.value = 0
  try {
    // Two whole networks would need twice the memory.
    if (used.value?.whole) await replace(await drawn())
    const net = await alexnet({
      weights: file,
      ...(storage.value !== 'f32' && { storage: storage.value }),
      onProgress: ({ loaded, total }) => {
        loading.value = loaded / total
      },
    })
    await replace({ net, whole: true })
  } finally {
    loading.value = undefined
  }
}

export async function begin(): Promise<void> {
  used.value = await drawn()
  effect(() => {
    // Whatever it reads here makes it look again.
    void [photo.value, order.value, scaling.value]
    look()
  })
}
