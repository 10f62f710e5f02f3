// The points as a file, in and out.
import { readPoints, writePoints } from '../../draw/table'
import type { OwnData } from '../../page/chapter'
import * as model from './model'

export const data: OwnData = {
  accept: '.csv,text/csv',
  hint: 'A table of comma-separated values with three columns: two numbers, and a class of two, as a number or a word.',
  load: async (file) => model.show(await readPoints(file)),
  save: { name: 'points.csv', content: () => writePoints(model.points.value) },
}
