// Networks that Hebb writes as ONNX files, some with each layer and many drawn at random: onnx.checker accepts them, onnxruntime
// computes what Hebb computes, and so does what Hebb reads of them again.
// npm run proof -- onnxruntime [PYTHON with onnx, onnxruntime, torch and numpy] [DRAWN NETWORKS] [FIRST SEED]
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOnnx, saveOnnx } from 'hebb/onnx'
import { networkOf } from '../helpers/drawnNetwork.mjs'
import { LARGE, made, NETWORKS, samplesFor } from '../helpers/onnxNetworks.mjs'

const PYTHON = `
import json, sys, numpy as np, onnx, onnxruntime
for number, given in enumerate(json.load(open(sys.argv[1] + '/inputs.json'))):
    place = f'{sys.argv[1]}/{number}'
    try:
        onnx.checker.check_model(place + '.onnx', full_check=True)
        session = onnxruntime.InferenceSession(place + '.onnx', providers=['CPUExecutionProvider'])
        feed = {}
        for one in session.get_inputs():
            kind = np.int64 if 'int64' in one.type else np.float32
            feed[one.name] = np.fromfile(f'{place}.in.{one.name}', np.float32).reshape(given[one.name]).astype(kind)
        for one, value in zip(session.get_outputs(), session.run(None, feed)):
            value.astype(np.float32).tofile(f'{place}.out.{one.name}')
    except Exception as error:
        open(place + '.error', 'w').write(str(error))
`
const TOLERANCE = 1e-4
const [python = process.env.HEBB_BENCH_PYTHON ?? 'python3', count = '300', first = '0'] =
  process.argv.slice(2)
const run = (...of) => execFileSync(python, of, { stdio: ['ignore', 'pipe', 2], maxBuffer: 2 ** 30 })
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

/** Writes a network and its inputs; the outputs, and how far those of the network that is read again are from them. */
async function written(place, make, inputs) {
  const net = await made(make)
  const x = samplesFor(net, 3)
  await saveOnnx(net, `${place}.onnx`)
  const named = net.description.inputs.length > 1 ? x : { [net.description.inputs[0][0]]: x }
  inputs.push(Object.fromEntries(Object.entries(named).map(([key, one]) => [key, one.shape])))
  for (const [key, one] of Object.entries(named))
    writeFileSync(`${place}.in.${key}`, new Uint8Array(one.data.buffer))
  const outputs = await outputsOf(net, x)
  net.dispose()
  const again = await loadOnnx(`${place}.onnx`)
  const read = Object.values(await outputsOf(again, x))
  again.dispose()
  return {
    outputs,
    again: Math.max(...Object.values(outputs).map(({ data }, at) => difference(data, read[at].data))),
  }
}

/** How far onnxruntime's outputs are. */
function apart(place, outputs) {
  return Math.max(
    ...Object.entries(outputs).map(([key, { data }]) => {
      const bytes = readFileSync(`${place}.out.${key}`)
      return difference(data, new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4))
    }),
  )
}

const result = { ok: true, networks: 0, onnxruntime: 0, again: 0, failures: [] }
try {
  const script = new URL('../fixtures/drawn_networks.py', import.meta.url).pathname
  const { cases } = JSON.parse(run(script, 'structures', first, count))
  const all = [
    ...Object.entries({ ...NETWORKS, ...LARGE }),
    ...cases.map(({ name, ...spec }) => [name, () => networkOf(spec)]),
  ]
  const [inputs, done] = [[], []]
  for (const [number, [name, make]] of all.entries()) {
    const place = join(folder, `${number}`)
    done.push(await written(place, make, inputs).catch((error) => ({ error })))
    if (done.at(-1).error) inputs[number] ??= {}
    process.stderr.write(`${name}\n`)
  }
  writeFileSync(join(folder, 'inputs.json'), JSON.stringify(inputs))
  run('-c', PYTHON, folder)
  for (const [number, { outputs, again, error }] of done.entries()) {
    const place = join(folder, `${number}`)
    const refused = existsSync(`${place}.error`) && readFileSync(`${place}.error`, 'utf8')
    const theirs = error || refused ? Number.NaN : apart(place, outputs)
    if (theirs < TOLERANCE && again < TOLERANCE) {
      result.networks++
      result.onnxruntime = Math.max(result.onnxruntime, theirs)
      result.again = Math.max(result.again, again)
    } else {
      const why = error ?? (refused || `differs by ${theirs}, read again by ${again}`)
      result.failures.push(`${all[number][0]}: ${why}`)
    }
  }
  result.ok = result.failures.length === 0
  console.log(JSON.stringify(result))
  process.exitCode = result.ok ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}
