// Damaged ONNX files.
import { loadOnnx, toOnnx } from 'hebb/onnx'
import { fuzz } from './fuzz.mjs'
import { made, NETWORKS } from './onnxNetworks.mjs'

/** Small files, of which most bytes are structure. */
export async function seeds() {
  const files = []
  for (const name of ['residual network', 'pooling', 'lstm', 'gru', 'several inputs']) {
    const net = await made(NETWORKS[name])
    files.push(await toOnnx(net))
    net.dispose()
  }
  return files
}

export const fuzzOnnx = async (options) => fuzz({ ...options, files: await seeds(), load: loadOnnx })
