// Mistakes that the compiler refuses, and that are refused at run time too.
import { conv2d, dense, flatten, HebbError, maxPool2d, network } from 'hebb'
import { expect, test } from 'vitest'

test('a misspelt option', () => {
  // @ts-expect-error
  expect(() => dense({ units: 3, activaton: 'tanh' })).toThrow(HebbError)
  // @ts-expect-error
  expect(() => conv2d({ filters: 3, kernal: 3 })).toThrow(HebbError)
  // @ts-expect-error
  expect(() => dense({ units: 3, activation: 'thanh' })).toThrow(HebbError)
})

test('a dense layer after a convolution without flatten', async () => {
  const layers = [conv2d({ filters: 2, kernel: 3 }), dense({ units: 4 })] as const
  // @ts-expect-error
  await expect(network([1, 8, 8], layers)).rejects.toThrow(HebbError)
  // @ts-expect-error
  const inline = network([1, 8, 8], [conv2d({ filters: 2, kernel: 3 }), dense({ units: 4 })])
  await expect(inline).rejects.toMatchObject({ code: 'shape' })
})

test('pooling of a flat input', async () => {
  // @ts-expect-error
  const wrong = network([64], [maxPool2d({ kernel: 2 })])
  await expect(wrong).rejects.toMatchObject({ code: 'shape' })
})

test('the wrong number of classes', async () => {
  const right = await network([2], [dense({ units: 2, activation: 'softmax' })], { classes: ['no', 'yes'] })
  expect(right.classes).toEqual(['no', 'yes'])
  const wrong = network([2], [dense({ units: 3, activation: 'softmax' })], {
    // @ts-expect-error
    classes: ['no', 'yes'],
  })
  await expect(wrong).rejects.toMatchObject({ code: 'shape' })
})

test('an input of another rank', async () => {
  // @ts-expect-error
  await expect(network([2, 2, 2, 2], [flatten()])).rejects.toThrow(HebbError)
  // @ts-expect-error
  await expect(network([8, 8], [maxPool2d({ kernel: 2 })])).rejects.toMatchObject({ code: 'shape' })
})
