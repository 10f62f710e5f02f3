// Class names and the compiler: from files, and literal ones.
import { datasets, dense, network } from 'hebb'
import { expect, test } from 'vitest'

const layers = [dense({ units: 3, activation: 'softmax' })] as const
const names = ['a', 'b', 'c']

test('classes of a file can be given to a network', async () => {
  const csv = 'x,t\n1,b\n2,a\n3,c\n4,a\n'
  const { dataset, classes } = await datasets.fromCsv(csv, { target: 't' })
  // `string[] | undefined`, of unknown length at compile time.
  const net = await network([1], [dense({ units: 3, activation: 'softmax' })], { classes })
  expect(net.classes).toEqual(names)
  await net.fit(dataset, { epochs: 1 })
  const units = classes!.length
  const flexible = await network([1], [dense({ units, activation: 'softmax' })], { classes: classes! })
  expect(flexible.classes).toEqual(names)
})

test('lists of any kind, of the right number', async () => {
  const known = ['a', 'b', 'c'] as const
  const list: readonly string[] = names
  for (const classes of [known, list, undefined]) {
    expect((await network([1], layers, { classes })).classes).toEqual(classes)
  }
  expect((await network([1], layers, { classes: ['a', 'b', 'c'] })).classes).toEqual(names)
  expect((await network([1], layers, {})).classes).toBeUndefined()
  expect((await network([1], layers, { seed: 1 })).classes).toBeUndefined()
})

test('the wrong number is refused by the compiler if it is known, and at run time', async () => {
  const pair = ['a', 'b'] as const
  // @ts-expect-error
  await expect(network([1], layers, { classes: pair })).rejects.toMatchObject({ code: 'shape' })
  // @ts-expect-error
  await expect(network([1], layers, { classes: ['a', 'b'] })).rejects.toMatchObject({ code: 'shape' })
  // @ts-expect-error
  await expect(network([1], layers, { classes: [] })).rejects.toMatchObject({ code: 'shape' })
  await expect(network([1], layers, { classes: names.slice(1) })).rejects.toMatchObject({ code: 'shape' })
})
