// Converting a drawing to an image like those of MNIST.
import { expect, test } from 'vitest'
import { normalize } from '../../packages/playground/src/chapters/lenet/normalize'

/** An image of a rectangle of full ink. */
function rectangle(side: number, left: number, top: number, width: number, height: number) {
  return Uint8Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)]
    return x >= left && x < left + width && y >= top && y < top + height ? 255 : 0
  })
}

function extent(image: Uint8Array) {
  const places = Array.from(image, (value, i) => (value > 0 ? [i % 28, Math.floor(i / 28)] : [])).filter(
    (place) => place.length > 0,
  )
  const [xs, ys] = [places.map(([x]) => x!), places.map(([, y]) => y!)]
  return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
}

test('without ink there is no image', () => {
  expect(normalize(new Uint8Array(100), 10, 10)).toBeUndefined()
})

test.each([
  ['large, at the left', 280, 0, 20, 60, 240],
  ['small, at the right', 280, 240, 100, 10, 40],
  ['smaller than the box', 28, 20, 3, 2, 8],
])('a bar becomes 20 pixels high and centred: %s', (_, side, left, top, width, height) => {
  const image = normalize(rectangle(side, left, top, width, height), side, side)!
  const wide = (20 * width) / height
  expect(extent(image)).toEqual([Math.floor(14 - wide / 2), Math.ceil(14 + wide / 2) - 1, 4, 23])
  // Its ink is unchanged, except for scaling.
  expect(image.reduce((sum, value) => sum + value, 0) / 255).toBeCloseTo(20 * wide, 0)
})

test('the centre of mass, not of the bounding box, is centred', () => {
  // A flag: a pole at the left, a cloth at the top right.
  const flag = rectangle(100, 10, 10, 10, 80).map((value, i) =>
    i % 100 >= 20 && i % 100 < 60 && i >= 1000 && i < 4000 ? 255 : value,
  )
  const image = normalize(flag, 100, 100)!
  let [mass, x, y] = [0, 0, 0]
  for (const [i, value] of image.entries()) {
    mass += value
    x += value * ((i % 28) + 0.5)
    y += value * (Math.floor(i / 28) + 0.5)
  }
  expect(x / mass).toBeCloseTo(14, 1)
  expect(y / mass).toBeCloseTo(14, 1)
})
