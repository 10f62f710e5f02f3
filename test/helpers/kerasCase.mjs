// A file of Keras or TensorFlow.js beside what it computes: the largest difference.
import { loadKeras } from 'hebb/keras'

/** Images `[N, H, W, C]` as Hebb has them, `[N, C, H, W]`. */
export function channelsFirst({ shape, data }) {
  if (shape.length < 4) return { shape, data }
  const [samples, height, width, channels] = shape
  const at = (n, c, place) => (n * height * width + place) * channels + c
  const moved = []
  for (let n = 0; n < samples; n++)
    for (let c = 0; c < channels; c++)
      for (let place = 0; place < height * width; place++) moved.push(data[at(n, c, place)])
  return { shape: [samples, channels, height, width], data: moved }
}

/** The largest difference between what a file computes here and what is expected, relative to 1 or to the value. */
export async function differenceOf(source, { inputs, outputs }, options = {}) {
  const net = await loadKeras(source, options)
  try {
    const xs = inputs.map(({ name, ...x }) => {
      const { shape, data } = channelsFirst(x)
      return [name, { shape, data: Float32Array.from(data) }]
    })
    const x = xs.length > 1 ? Object.fromEntries(xs) : xs[0][1]
    const ys = outputs.length > 1 ? Object.values(await net.predictAll(x)) : [await net.predict(x)]
    return Math.max(
      ...ys.flatMap(({ data }, which) =>
        outputs[which].data.map((value, i) => Math.abs(data[i] - value) / Math.max(1, Math.abs(value))),
      ),
    )
  } finally {
    net.dispose()
  }
}
