// Invalid values in the options of augmentation.
import { datasets } from 'hebb'
import * as augment from 'hebb/augment'
import { expect, test } from 'vitest'
import { torment } from './values'

const image: augment.Image = { data: new Float32Array(50).fill(0.5), shape: [2, 5, 5] }
const apply = (transform: augment.Transform) => {
  const { data } = transform(image, () => 0.3)
  expect(data.every(Number.isFinite)).toBe(true)
}

test('transforms', async () => {
  for (const option of ['shift', 'rotate', 'scale', 'shear', 'elastic', 'fill']) {
    await torment(`distort.${option}`, (value) => apply(augment.distort({ [option]: value })))
  }
  for (const option of ['alpha', 'sigma']) {
    const elastic = { alpha: 1, sigma: 1 }
    await torment(`elastic.${option}`, (value) =>
      apply(augment.distort({ elastic: { ...elastic, [option]: value } as never })),
    )
  }
  await torment('flip.probability', (value) => apply(augment.flip({ probability: value })))
  for (const option of ['size', 'padding', 'fill']) {
    await torment(`crop.${option}`, (value) => apply(augment.crop({ size: 3, [option]: value } as never)))
  }
  await torment('distort', (value) => augment.distort(value))
  await torment('flip', (value) => augment.flip(value))
  await torment('crop', (value) => augment.crop(value))
})

test('augmented', async () => {
  const data = await datasets.fromArrays({ data: new Uint8Array(50), shape: [1, 2, 5, 5] }, [0])
  await torment('augmented data', (value) => augment.augmented(value, []))
  await torment('augmented transforms', (value) => augment.augmented(data, value))
  await torment('augmented options', (value) => augment.augmented(data, [], value))
  await torment('augmented.seed', (value) => augment.augmented(data, [], { seed: value }))
})

test('every function is here', () => {
  expect(Object.keys(augment).sort()).toEqual(['augmented', 'crop', 'distort', 'flip'])
})
