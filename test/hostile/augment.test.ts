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
  const colour: augment.Image = { data: new Float32Array(75).fill(0.5), shape: [3, 5, 5] }
  const applyColour = (transform: augment.Transform) => {
    expect(transform(colour, () => 0.3).data.every(Number.isFinite)).toBe(true)
  }
  for (const option of ['brightness', 'contrast', 'saturation', 'hue']) {
    await torment(`colorJitter.${option}`, (value) => applyColour(augment.colorJitter({ [option]: value })))
  }
  await torment('colorJitter', (value) => augment.colorJitter(value))
  for (const option of ['deviation', 'components']) {
    await torment(`pcaColor.${option}`, (value) => applyColour(augment.pcaColor({ [option]: value })))
  }
  const identity = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]
  for (const option of ['values', 'vectors']) {
    const components = { values: [1, 1, 1], vectors: identity }
    await torment(`components.${option}`, (value) =>
      applyColour(augment.pcaColor({ components: { ...components, [option]: value } })),
    )
  }
  await torment('pcaColor', (value) => augment.pcaColor(value))
  await torment('colorComponents', (value) => augment.colorComponents(value))
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
  const own = ['augmented', 'colorComponents', 'colorJitter', 'crop', 'distort', 'flip', 'pcaColor']
  expect(Object.keys(augment).sort()).toEqual(own)
})
