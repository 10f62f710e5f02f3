// Real-world CSV files: the same numbers as pandas, and an error instead of silent nonsense.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CsvOptions, type Dataset, datasets, dense, network, standardize } from 'hebb'
import { describe, expect, test } from 'vitest'
import { root } from '../../helpers/root'

const { fromCsv } = datasets

interface Case {
  name: string
  text: string
  options?: CsvOptions
  columns?: string[]
  values?: number[][]
  objects?: string[]
}
const pandas: Case[] = JSON.parse(readFileSync(join(root, 'test/fixtures/pandas/tables.json'), 'utf8')).cases

/** The samples of a data set, as stored in the engine. */
async function valuesOf(data: Dataset) {
  const net = await network([data.shape[0]!], [standardize({ mean: 0, deviation: 1 })])
  return (await net.predict(data)).toArray()
}

const read = async (text: string, options?: CsvOptions) => valuesOf((await fromCsv(text, options)).dataset)

const refused = (text: string, options: CsvOptions, code: string, ...parts: string[]) =>
  Promise.all(
    parts.map((part) =>
      expect(fromCsv(text, options)).rejects.toMatchObject({
        name: 'HebbError',
        code,
        message: expect.stringContaining(part),
      }),
    ),
  )

describe('pandas', () => {
  test.each(pandas.filter(({ values }) => values))('reads the same: $name', async (one) => {
    const { dataset, columns } = await fromCsv(one.text, one.options)
    expect(columns).toEqual(one.columns)
    expect(await valuesOf(dataset)).toEqual(one.values)
  })

  test.each(pandas.filter(({ objects }) => objects))('reads texts, Hebb refuses: $name', async (one) => {
    const options = one.text.includes(';') ? { delimiter: ';' } : {}
    await refused(one.text, options, 'data', `line 2, column "${one.objects![0]}"`)
    // As a target too: numbers do not become classes.
    await refused(one.text, { ...options, target: 'x' }, 'data', 'classes: true')
  })
})

describe('texts that are almost numbers', () => {
  const column = (...cells: string[]) => `x\n${cells.map((cell) => `"${cell}"`).join('\n')}\n`

  test.each([
    [['1,5', '2,5', '10,25'], "say decimal: ','"],
    [['1,200', '3,400', '500'], "thousands: ','"],
    [['1,200', '3,400'], "thousands: ',' (or decimal: ',')"],
    [['1,234,567', '2,000,000'], "say thousands: ','"],
    [['1.234,50', '2.000,00'], "say thousands: '.', decimal: ','"],
    [['1.234.567', '2.000.000'], "say thousands: '.'"],
    [["1'200", "3'400"], `say thousands: "'"`],
    [['1\u202f200', '3\u202f400'], "say thousands: ' '"],
    [['$12.50', '$3.00'], "say strip: ['$']"],
    [['-$12.50', '$3.00'], "say strip: ['$']"],
    [['€ 1.234,50', '€ 99,00'], "strip: ['€']"],
    [['12 €', '13 €'], "say strip: ['€']"],
    [['USD 12', 'USD 14.5'], "say strip: ['USD']"],
    [['45%', '50 %'], "say strip: ['%']"],
    [['$1,200.50', '$900.00'], "say thousands: ',', strip: ['$']"],
    [['12 kg', '13.5 kg'], "say strip: ['kg']"],
    [['20°C', '21.5°C'], "say strip: ['°C']"],
    [['0x1F', '0xff'], 'decimal digits'],
    [['0b101', '0b11'], 'decimal digits'],
    [['−5', '−7'], 'write its minus as "-"'],
    [['(5.00)', '(7.25)'], 'write its minus in front'],
    [['5-', '7-'], 'write its minus in front'],
    [['2024-01-31', '2024-02-01'], 'make numbers of dates'],
    [['31.1.2024', '1.2.2024'], 'make numbers of dates'],
    [['12:30', '09:15'], 'make numbers of dates'],
    // A majority is enough.
    [['$5', '$6', '$7', 'free'], "say strip: ['$']"],
  ])('%o', async (cells, remedy) => {
    await refused(
      column(...cells, cells[0]!),
      {},
      'data',
      'line 2, column "x"',
      remedy,
      'categories: { "x": true }',
    )
    const wanted = await fromCsv(column(...cells, cells[0]!), { categories: { x: true } })
    expect(wanted.columns).toHaveLength(new Set(cells).size)
  })

  test.each([
    [['1st', '2nd', '3rd', '1st']],
    [['Q1', 'Q2', 'Q3', 'Q1']],
    [['18-24', '25-34', '18-24']],
    [['<10', '>10', '<10']],
    [['v1.2', 'v1.3', 'v1.2']],
    [['4x4', '4x2', '4x4']],
    [['B12', 'A7', 'B12']],
    [['$5', 'free', 'cheap', 'free']],
  ])('%o are texts', async (cells) => {
    expect((await fromCsv(column(...cells))).columns).toHaveLength(new Set(cells).size)
  })

  test('the remedy is also named in columns of numbers', async () => {
    await refused('x\n5\n$6\n', {}, 'data', 'line 3, column "x": "$6" is not a number', "say strip: ['$']")
    await refused('x\n1.5\n1.234.567\n', {}, 'data', 'line 3', "say thousands: '.'")
    // pandas gives 15 and 12 here: groups must be complete.
    await refused('x\n"1,5"\n"1,200"\n', { thousands: ',' }, 'data', '"1,5" is not a number')
    // pandas #65397: "1 ," is read as 1 with thousands.
    await refused('x\n"1,"\n2\n', { thousands: ',' }, 'data', '"1,"')
    // pandas #59299: the error names the wrong cell, not the first one.
    const German = 'a;b\na;1,20\nb;22,3\nc;1.234,56\n'
    await refused(German, { delimiter: ';', decimal: ',' }, 'data', 'line 4, column "b": "1.234,56"')
    const options = { delimiter: ';', decimal: ',', thousands: '.', columns: ['b'] } as const
    expect(await read(German, options)).toEqual([[1.2], [22.3], [1234.56]].map((row) => row.map(Math.fround)))
  })

  test('the options are checked', async () => {
    const wrong = (options: object, part: string) => refused('a\n1\n', options, 'option', part)
    await wrong({ decimal: ';' }, "decimal must be '.' or ','")
    for (const thousands of ['', ',,', '1', 'e', '-', '.', 5]) {
      await wrong({ thousands }, 'thousands must be one character')
    }
    for (const strip of ['$', [''], [5]]) await wrong({ strip }, 'strip must be a list of texts')
    for (const thousands of [']', '^', '\\', '/', '_', '*', '|']) {
      expect(await read(`a;b\n1${thousands}234;2\n`, { delimiter: ';', thousands })).toEqual([[1234, 2]])
    }
  })

  test('such texts can still be classes on request', async () => {
    const { classes } = await fromCsv('x,t\n1,45%\n2,30%\n3,45%\n', { target: 't', classes: true })
    expect(classes).toEqual(['30%', '45%'])
  })
})

describe('the layout', () => {
  test('a wrong delimiter is detected, with or without a target', async () => {
    for (const options of [{}, { target: 'b' }]) {
      await refused('a;b\n1;2\n3;4\n', options, 'option', 'is the delimiter ";"?')
    }
    await refused('a\tb\n1\t2\n', {}, 'option', 'is the delimiter "\\t"?')
    await refused('a|b\n1|2\n', {}, 'option', 'is the delimiter "|"?')
    await refused('a,b\n1,2\n', { delimiter: ';' }, 'option', 'is the delimiter ","?')
    await refused('a;b\n1,5;2,5\n', {}, 'option', 'is the delimiter ";"?')
    await refused('1;2\n3;4\n', { header: false }, 'option', 'is the delimiter ";"?')
    // tfjs-data #175: blanks between the columns.
    await refused(
      '  0.1  18.0   2.3\n  0.2   0.0   7.1\n',
      { header: false },
      'option',
      'is the delimiter " "?',
    )
    await refused('a b,c\n1;2,3,4\n', {}, 'file', 'line 2 has 3 cells, line 1 has 2')
    // A true single column.
    expect(await read('a\n1\n2\n')).toEqual([[1], [2]])
    await refused('a\n1,5\n2,5\n', { delimiter: ';' }, 'data', "decimal: ','")
    expect((await fromCsv('a, b\nx\ny\nx\n', { delimiter: '|' })).columns).toEqual(['a, b=x', 'a, b=y'])
  })

  test('a first row that looks like data gives an error', async () => {
    await refused('1,2\n3,4\n', {}, 'file', 'line 1 looks like data', 'header: false', 'header: true')
    await refused('5.1,3.5,setosa\n4.9,3.0,setosa\n', {}, 'file', 'line 1 looks like data')
    await refused('5,3,setosa\n4,3,setosa\n', {}, 'file', 'line 1 looks like data')
    expect(await read('1,2\n3,4\n', { header: true })).toEqual([[3, 4]])
    expect(await read('1,2\n3,4\n', { header: false })).toEqual([
      [1, 2],
      [3, 4],
    ])
    await refused('a\n1\n', { header: 'no' } as never, 'option', 'header must be true or false')
  })

  test('an unnamed column that is empty or counts rows is skipped', async () => {
    // Files of pandas's to_csv, and of programs that end each line with a delimiter.
    for (const text of [',a\n0,5\n1,7\n', ',a\n1,5\n2,7\n', 'a,\n5,\n7,\n']) {
      expect(await read(text)).toEqual([[5], [7]])
    }
    expect(await read(',a\n3,5\n1,7\n')).toEqual([
      [3, 5],
      [1, 7],
    ])
  })

  test('quotes after blanks', async () => {
    const { columns } = await fromCsv('n, t\n1, "x, y"\n2, "z ""q"""\n3, "x, y" \n')
    expect(columns).toEqual(['n', 't=x, y', 't=z "q"'])
    expect(await read('a\t b\n1\t "2"\n', { delimiter: '\t' })).toEqual([[1, 2]])
    await refused('a,b\n1, "2" 3\n', {}, 'file', 'line 2, column 8 has text after a closing quote')
    await refused('a,b\n1, "2\n', {}, 'file', 'quote opened in line 2, column 4')
    // A quote inside a text does not start a quoted cell.
    expect((await fromCsv('a\n6" pipe\n5" pipe\n6" pipe\n')).columns).toEqual(['a=5" pipe', 'a=6" pipe'])
  })

  test('lines are counted for all line ends, everywhere', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['a,b', '"x', 'y",1', '', '  ', 'z,2', 'w,oops', ''].join(end)
      await refused(text, {}, 'data', 'line 7, column "b": "oops"')
    }
  })

  test('blank lines are skipped, also in files of one column', async () => {
    // pandas #9710: rows with leading blanks were dropped.
    expect(await read('MyColumn\n   0\n   1\n\n   0\n   1')).toEqual([[0], [1], [0], [1]])
    // An empty text in quotes is a cell.
    await refused('a\n1\n""\n', {}, 'data', 'line 3, column "a": the value is missing')
  })

  test('a text for missing values may be a real value', async () => {
    // The country code of Namibia, and cars without an option.
    await refused('c\nNA\nDE\n', {}, 'data', 'line 2', 'is missing', `if "NA" is a text, say missing: ['']`)
    expect((await fromCsv('c\nNA\nDE\n', { missing: [''] })).columns).toEqual(['c=DE', 'c=NA'])
  })
})

describe('texts that identify rows', () => {
  const rows = (count: number, row: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => row(i)).join('\n')

  test('are neither features nor classes', async () => {
    const text = `name,x,t\n${rows(6, (i) => `person ${i},${i},${'ab'[i % 2]}`)}\n`
    const each = 'column "name" has 6 different texts in 6 rows'
    await refused(text, {}, 'data', each, 'leave it out with columns')
    await refused(text, { target: 'name' }, 'data', each, 'name another target, or say classes: true')
    expect((await fromCsv(text, { categories: { name: true } })).columns).toHaveLength(9)
    expect((await fromCsv(text, { columns: ['x'], target: 't' })).classes).toEqual(['a', 'b'])
    expect((await fromCsv(text, { columns: ['x'], target: 'name', classes: true })).classes).toHaveLength(6)
  })
})

describe('numbers that are equal in 32 bits', () => {
  const same = 'are the same number in the 32-bit floats'

  test('times in seconds, long numbers and close fractions', async () => {
    await refused(
      'time\n1700000000\n1700000060\n',
      {},
      'data',
      '"1700000060" and "1700000000"',
      same,
      'offset',
    )
    await refused('x,time\n1,1700000000\n2,1700000060\n', { target: 'time' }, 'data', 'line 3', same)
    await refused('a\n16777216\n16777217\n', {}, 'data', same)
    // cudf #1109: runs 1551822820, 1551822829 and 1551822898.
    await refused('run\n1551822820\n1551822820\n1551822829\n', {}, 'data', 'line 4', same)
    // pandas #48170, readr #976: beyond 2⁵³ even 64 bits do not suffice.
    await refused('id\n1234567890123456789\n1234567890123456788\n', {}, 'data', 'line 3', same)
    await refused('at\n52.52000001\n52.52000002\n52.52000101\n', {}, 'data', 'line 3', same)
  })

  test('are accepted if only their magnitude matters', async () => {
    expect(await read('people\n331002651\n83783942\n')).toEqual(
      [[331002651], [83783942]].map((r) => r.map(Math.fround)),
    )
    expect(await read('a\n0.1\n0.10000000000000002\n5\n')).toHaveLength(3)
    expect(await read('a\n0.3\n0.30000000000000004\n')).toHaveLength(2)
    expect(await read('a\n1e20\n3e20\n1e20\n')).toHaveLength(3)
    expect(await read('a\n0\n0\n-0\n')).toEqual([[0], [0], [-0]])
  })
})

test('the time for a long cell and a header of 40,000 columns is linear', async () => {
  // It took minutes when each digit was tried as the end of the number; then the timeout fails this test.
  const digits = '1'.repeat(1_000_000)
  await refused(`a\n1\n${digits}x\n`, {}, 'data', `"${'1'.repeat(79)}… is not a number`)
  await refused(
    `a\n1\n${'1,'.repeat(500_000)}x\n`,
    { delimiter: ';', thousands: ',' },
    'data',
    'is not a number',
  )
  const names = Array.from({ length: 40_000 }, (_, i) => `column ${i}`)
  const wide = `${names.join(',')}\n${names.map((_, i) => i).join(',')}\n`
  const { dataset } = await fromCsv(wide, { columns: names.slice(1), target: 'column 0' })
  expect(dataset.shape).toEqual([39_999])
  await refused(wide, { target: 'none' }, 'option', '… (40000 in all)')
  const text = Array.from({ length: 40_000 }, (_, i) => `name ${i}`).join('\n')
  await refused(`a\n${text}\n`, { categories: { a: true } }, 'memory', '40000 rows of 40000 features')
}, 60_000)

test('its classes can be the classes of a network', async () => {
  const { dataset, classes, columns } = await fromCsv('a,b,t\n1,0,x\n0,1,y\n2,1,x\n', { target: 't' })
  const net = await network([2], [dense({ units: 2, activation: 'softmax' })], { classes, seed: 1 })
  expect(net.classes).toEqual(['x', 'y'])
  expect(columns).toHaveLength(2)
  await net.fit(dataset, { epochs: 1 })
})
