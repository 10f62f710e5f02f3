import { HebbError, shown } from '../../errors'
import { checkKeys, checkName, refuse } from '../../options'
import { fromArrays } from '../dataset'
import { type CellReader, place, readColumn, toFeatures } from './columns'
import type { CsvData, CsvOptions } from './fromCsv'
import { numberReader } from './numbers'
import type { Source } from './source'
import { columnsOf, readTable, type Table } from './table'

const KEYS = [
  'target',
  'columns',
  'classes',
  'categories',
  'delimiter',
  'header',
  'missing',
  'onMissing',
  'decimal',
  'thousands',
  'strip',
] as const
const MISSING =
  ' ? NA NaN nan -NaN -nan N/A n/a #N/A <NA> #NA null NULL None 1.#QNAN -1.#QNAN 1.#IND -1.#IND'.split(' ')

/** What `fromCsv` does. */
export async function readCsv(source: Source, options: CsvOptions): Promise<CsvData> {
  const who = 'datasets.fromCsv'
  checkKeys(who, options, KEYS)
  const { delimiter = ',', header, missing = MISSING, categories: wanted = {}, classes } = options
  const onMissing = checkName(who, 'onMissing', options.onMissing ?? 'error', ['error', 'skip', 'mean'])
  if (typeof delimiter !== 'string' || delimiter.length !== 1 || /["\n\r]/.test(delimiter)) {
    refuse(who, 'delimiter', "one character, neither a quote nor a line's end", delimiter)
  }
  const texts = (list: unknown) => Array.isArray(list) && list.every((text) => typeof text === 'string')
  if (!texts(missing)) refuse(who, 'missing', 'a list of texts', missing)
  if (classes !== undefined && typeof classes !== 'boolean' && !texts(classes)) {
    refuse(who, 'classes', 'true, false or a list of texts', classes)
  }
  checkKeys(`${who}: categories`, wanted, Object.keys(wanted ?? {}))
  if (header !== undefined && typeof header !== 'boolean') refuse(who, 'header', 'true or false', header)
  const missingTexts = new Set(missing)
  const reading = { isMissing: (cell: string) => missingTexts.has(cell), read: numberReader(who, options) }

  let table = await readTable(source, { delimiter, header, read: reading.read })
  const targets = columnsOf(table, 'target', [options.target ?? []].flat())
  if (options.columns !== undefined && !Array.isArray(options.columns)) {
    refuse(who, 'columns', 'a list of names or numbers', options.columns)
  }
  const isTarget = new Set(targets)
  const features = options.columns
    ? columnsOf(table, 'columns', options.columns)
    : table.names.map((_, i) => i).filter((i) => !isTarget.has(i))
  const isFeature = new Set(features)
  for (const [name, list] of Object.entries(wanted)) {
    if (!isFeature.has(columnsOf(table, 'categories', [name])[0]!)) {
      throw new HebbError('option', `${who}: categories names "${name}", which is not a feature`)
    }
    if (list !== true && !texts(list)) refuse(who, `categories of "${name}"`, 'true or a list of texts', list)
  }
  if (features.length === 0) throw new HebbError('option', `${who}: no column is left for the features`)
  const seen = new Set(targets)
  for (const column of features) {
    if (seen.has(column)) {
      const name = shown(table.names[column])
      throw new HebbError('option', `${who}: column ${name} is named twice, or is the target too`)
    }
    seen.add(column)
  }
  table = withoutMissing(table, features, targets, reading, onMissing)

  const x = features.map((column) => {
    const name = table.names[column]!
    return readColumn(table, column, reading, false, Object.hasOwn(wanted, name) ? wanted[name] : undefined)
  })
  const t = readTargets(table, targets, reading, classes)
  const { names, data } = toFeatures(x, table.rows.length)
  const withCategories = x.filter(({ categories }) => categories)
  return {
    dataset: await fromArrays({ data, shape: [table.rows.length, names.length] }, t.targets),
    columns: names,
    classes: t.classes,
    categories: Object.fromEntries(withCategories.map((column) => [column.name, [...column.categories!]])),
  }
}

/** The table without the rows to skip; throws if a needed value is missing. */
function withoutMissing(
  table: Table,
  features: readonly number[],
  targets: readonly number[],
  { isMissing }: CellReader,
  onMissing: 'error' | 'skip' | 'mean',
): Table {
  const lacks = (row: number, columns: readonly number[]) =>
    columns.find((column) => isMissing(table.rows[row]!.cells[column]!.trim()))
  const needed = onMissing === 'mean' ? targets : [...features, ...targets]
  const rows = table.rows.filter((_, row) => {
    const column = lacks(row, needed)
    if (column === undefined) return true
    if (onMissing === 'skip') return false
    const hint =
      onMissing === 'mean' ? "a target has no mean; onMissing: 'skip'" : "onMissing: 'skip' or 'mean'"
    const cell = table.rows[row]!.cells[column]!.trim()
    const text = cell && `; if ${shown(cell)} is a text, say missing: ['']`
    throw new HebbError(
      'data',
      `${place(table, row, column)}: the value is missing; ${hint} goes on without it${text}`,
    )
  })
  if (rows.length === 0) throw new HebbError('data', `${table.name}: every row has a missing value`)
  return { ...table, rows }
}

function readTargets(
  table: Table,
  columns: readonly number[],
  reading: CellReader,
  classes: CsvOptions['classes'],
) {
  if (columns.length === 0) return { targets: undefined, classes: undefined }
  const wanted = classes === false ? undefined : classes
  if (wanted && columns.length > 1) {
    throw new HebbError(
      'option',
      'datasets.fromCsv: classes belong to a single target, but several are named',
    )
  }
  const read = columns.map((column) => readColumn(table, column, reading, true, wanted))
  const text = read.find(({ categories }) => categories)
  if (text && (columns.length > 1 || classes === false)) {
    const why = columns.length > 1 ? 'several targets are values' : 'classes is false'
    throw new HebbError('data', `${table.name}: target ${shown(text.name)} has texts, but ${why}`)
  }
  const samples = table.rows.length
  if (text) return { targets: Uint32Array.from(read[0]!.values), classes: [...text.categories!] }
  const { data } = toFeatures(read, samples)
  return { targets: { data, shape: [samples, columns.length] }, classes: undefined }
}
