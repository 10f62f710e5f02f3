// A network that PyTorch exported, beside what PyTorch computes: the largest difference, relative to 1 or to the value.
import { loadOnnx } from 'hebb/onnx'

/** The batch's axis of [T, N, features] in front. */
export function batchFirst({ data, shape }, batch) {
  if (batch === 0) return { data, shape }
  const [steps, samples, features] = shape
  const from = (i) => {
    const [n, t, f] = [Math.floor(i / (steps * features)), Math.floor(i / features) % steps, i % features]
    return (t * samples + n) * features + f
  }
  return { data: data.map((_, i) => data[from(i)]), shape: [samples, steps, features] }
}

/** The network of a file, its output for an input, and the largest difference from what is expected. */
export async function pytorchCase({ model, batch, x, y }) {
  const net = await loadOnnx(model)
  const input = batchFirst(x, batch)
  const output = await net.predict({ data: Float32Array.from(input.data), shape: input.shape })
  const wanted = y.shape.length === 3 ? batchFirst(y, batch) : y
  if (`${output.shape}` !== `${wanted.shape}`)
    throw new Error(`the output is [${output.shape}], not [${wanted.shape}]`)
  const difference = Math.max(
    ...wanted.data.map((value, i) => Math.abs(output.data[i] - value) / Math.max(1, Math.abs(value))),
  )
  return { net, input, output, difference }
}
