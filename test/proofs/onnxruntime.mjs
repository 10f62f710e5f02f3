// Networks that Hebb writes as ONNX files: onnx.checker accepts them, onnxruntime computes what Hebb computes, and what Hebb
// reads of them again too.
// npm run proof -- onnxruntime [PYTHON with onnx, onnxruntime and numpy]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOnnx, saveOnnx } from 'hebb/onnx'
import { LARGE, made, NETWORKS, samplesFor } from '../helpers/onnxNetworks.mjs'

const PYTHON = `
import json, sys, numpy as np, onnx, onnxruntime
model, case = sys.argv[1:]
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(model, providers=['CPUExecutionProvider'])
given = json.load(open(case))
feed = {}
for one in session.get_inputs():
    kind = np.int64 if 'int64' in one.type else np.float32
    feed[one.name] = np.fromfile(case + '.' + one.name, np.float32).reshape(given[one.name]).astype(kind)
for one, value in zip(session.get_outputs(), session.run(None, feed)):
    value.astype(np.float32).tofile(case + '.out.' + one.name)
`
const TOLERANCE = 1e-4
const [python = process.env.HEBB_BENCH_PYTHON ?? 'python3'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'hebb-onnx-'))

/** The outputs by name. */
async function outputsOf(net, x) {
  return net.outputs.length > 1 ? net.predictAll(x) : { [net.outputs[0].name]: await net.predict(x) }
}

/** The largest difference, relative to 1 or the largest value. */
function difference(a, b) {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]) / scale), 0)
}

const results = []
try {
  for (const [name, make] of Object.entries({ ...NETWORKS, ...LARGE })) {
    const net = await made(make)
    const x = samplesFor(net, 3)
    const [model, place] = [join(folder, 'model.onnx'), join(folder, 'case.json')]
    await saveOnnx(net, model)
    const inputs = net.description.inputs.length > 1 ? x : { [net.description.inputs[0][0]]: x }
    writeFileSync(
      place,
      JSON.stringify(Object.fromEntries(Object.entries(inputs).map(([key, one]) => [key, one.shape]))),
    )
    for (const [key, one] of Object.entries(inputs))
      writeFileSync(`${place}.${key}`, new Uint8Array(one.data.buffer))
    execFileSync(python, ['-c', PYTHON, model, place], { stdio: ['ignore', 2, 2] })
    const ours = await outputsOf(net, x)
    const again = await loadOnnx(model)
    const read = again && Object.values(await outputsOf(again, x))
    const result = { name, parameters: net.parameters, onnxruntime: 0, again: again && 0 }
    for (const [at, [key, { data }]] of Object.entries(ours).entries()) {
      const bytes = readFileSync(`${place}.out.${key}`)
      const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
      result.onnxruntime = Math.max(result.onnxruntime, difference(data, theirs))
      if (read) result.again = Math.max(result.again, difference(data, read[at].data))
    }
    result.ok = result.onnxruntime < TOLERANCE && (result.again ?? 0) < TOLERANCE
    console.error(result)
    results.push(result)
    net.dispose()
    again?.dispose()
  }
  const ok = results.every((result) => result.ok)
  console.log(JSON.stringify({ ok, results }))
  process.exitCode = ok ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}
