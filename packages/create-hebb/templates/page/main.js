import { adam, datasets, dense, init, network } from 'hebb'

const canvas = document.querySelector('canvas')
const status = document.querySelector('[role=status]')
const SIZE = canvas.width

/** The picture shows a square of this size, with the origin in its middle. */
const EXTENT = 6

// Points on two arms of a spiral, and the arm of each.
const points = Array.from({ length: 400 }, (_, i) => {
  const [arm, t] = [i % 2, 0.1 + (0.9 * i) / 400]
  const angle = 9 * t + Math.PI * arm
  return { arm, at: [3 * t * Math.cos(angle), 3 * t * Math.sin(angle)] }
})
const data = await datasets.fromArrays(
  points.map(({ at }) => at),
  points.map(({ arm }) => [arm]),
)

const hidden = () => dense({ units: 24, activation: 'tanh' })
const net = await network([2], [hidden(), hidden(), dense({ units: 1, activation: 'sigmoid' })], { seed: 1 })

// The pixels of the picture as samples, whose answers are its colours.
const coordinate = (pixel) => EXTENT * (pixel / SIZE - 0.5)
const pixels = Array.from({ length: SIZE * SIZE }, (_, i) => [
  coordinate(i % SIZE),
  coordinate(Math.floor(i / SIZE)),
])

async function draw() {
  const { data: answers } = await net.predict(pixels)
  const colours = Uint8ClampedArray.from({ length: 4 * answers.length }, (_, i) =>
    [255 * answers[i >> 2], 140, 255 * (1 - answers[i >> 2]), 255].at(i % 4),
  )
  const context = canvas.getContext('2d')
  context.putImageData(new ImageData(colours, SIZE, SIZE), 0, 0)
  for (const { arm, at } of points) {
    context.fillStyle = arm ? 'white' : 'black'
    const [x, y] = at.map((value) => SIZE * (value / EXTENT + 0.5))
    context.fillRect(x, y, 1, 1)
  }
}

const { threads } = await init()
for await (const { epoch, accuracy } of net.fit(data, {
  epochs: 100,
  batchSize: 16,
  optimizer: adam({ learningRate: 0.01 }),
})) {
  if (epoch % 2 === 0) await draw()
  status.textContent = `epoch ${epoch}: ${Math.round(100 * accuracy)} % of the points right, ${threads} threads`
}
