import type { Dataset } from '../dataset'
import type { NumberFormat } from './numbers'
import type { Source } from './source'

export interface CsvOptions extends NumberFormat {
  /**
   * The target column, or several, by name or by number from 0. Texts become classes, numbers become target values
   * `[samples, targets]`. Default: no targets.
   */
  target?: string | number | readonly (string | number)[]
  /** The columns that become features, in this order. Default: all except the targets. */
  columns?: readonly (string | number)[]
  /**
   * Whether the target is a class although it is a number; or the names of the classes in their order, so that a second file
   * gets the class numbers of the first. Default: a column of texts is a class.
   */
  classes?: boolean | readonly string[]
  /**
   * Columns that are categories although they are numbers (`true`), or that have exactly these categories, so that a second
   * file gets the features of the first: `{ colour: ['blue', 'red'] }`.
   */
  categories?: Readonly<Record<string, true | readonly string[]>>
  /** The character between cells. Default `,`. */
  delimiter?: string
  /**
   * Whether the first row has the names; else they are `column0`, `column1`, … Default true; but without this option a first
   * row that looks like data is refused.
   */
  header?: boolean
  /** The texts for missing values. Default: those of pandas (`''`, `NA`, `NaN`, `null`, …) and `?`. */
  missing?: readonly string[]
  /**
   * How to treat a row with a missing value: `error` refuses the file, `skip` omits the row, `mean` uses the mean of the
   * column over the other rows (for categories the frequency of each). Default `error`.
   */
  onMissing?: 'error' | 'skip' | 'mean'
}

export interface CsvData {
  /** The samples `[features]`, in the order of the rows. */
  dataset: Dataset
  /** The names of the features; for a category `column=category`. */
  columns: string[]
  /** The names of the classes, if the target is a class: for the option `classes` of a network and of a second file. */
  classes: string[] | undefined
  /** The categories of each column with categories: for the option `categories` of a second file. */
  categories: Record<string, string[]>
}

/**
 * Makes a data set from comma-separated values (RFC 4180, UTF-8): a text (it has a line end), the bytes of a file, its path
 * (Node) or its URL; gzip is unpacked. Blanks around cells are removed; blank lines are omitted, and so is a column without
 * a name that is empty or counts the rows.
 *
 * A column of numbers is one feature; a column of texts becomes one feature per text (sorted), which is 1 in the rows with
 * that text and 0 in the others. Data that would silently become something else is refused: numbers in another notation
 * (see `decimal`, `thousands`, `strip`), texts that name the rows, and numbers that are equal in 32 bits, such as times in
 * seconds.
 *
 * @example
 * const { dataset, classes } = await datasets.fromCsv('iris.csv', { target: 'species' })
 * @throws HebbError `file`, `data` with line and column, `option`
 */
export async function fromCsv(source: Source, options: CsvOptions = {}): Promise<CsvData> {
  const { readCsv } = await import('./readCsv')
  return readCsv(source, options)
}
