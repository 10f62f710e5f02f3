// The sample and the weights as a file, in and out.
import { datasets } from 'hebb'
import type { OwnData } from '../../page/chapter'
import * as model from './model'

const COLUMNS = 'i1,i2,t,w11,w12,w21,w22,b1,b2,w1,w2,b'
const WRONG = `The page takes a table with one row of the 12 numbers ${COLUMNS.replaceAll(',', ', ')}: the inputs from −2 to 2, the target from 0 to 1.`

export const data: OwnData = {
  accept: '.csv,text/csv',
  hint: 'A row of comma-separated values: the inputs, the target, the weights and the biases. Save one to see the columns.',
  load: async (file) => {
    const [i1, i2, t, ...weights] = await readRow(file)
    const fits = Math.abs(i1!) <= 2 && Math.abs(i2!) <= 2 && t! >= 0 && t! <= 1
    if (!fits || weights.length !== 9) throw new Error(WRONG)
    model.x1.value = i1!
    model.x2.value = i2!
    model.t.value = t!
    model.set(weights)
  },
  save: {
    name: 'network.csv',
    content: () => {
      const row = [model.x1.value, model.x2.value, model.t.value, ...model.weights.value]
      return `${COLUMNS}\n${row.join(',')}`
    },
  },
}

/** The numbers of the first row below the names. */
async function readRow(file: File): Promise<number[]> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const { dataset } = await datasets.fromCsv(bytes, { target: 'b', header: true })
  try {
    for await (const { x, t } of datasets.batches(dataset, { batchSize: 1, shuffle: false })) {
      const all = [...x.data, (t as { data: ArrayLike<number> }).data[0]!]
      // The table has 32 bits; the page rounds as its address does.
      return all.map((value) => Number(value.toPrecision(6)))
    }
    return []
  } finally {
    dataset.dispose()
  }
}
