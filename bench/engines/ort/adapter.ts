// ONNX Runtime: natively in Node (`runtime: 'node'`), or its WebAssembly in Node and in pages (`'web'`).
import { type Adapter, Cannot, type Prepared } from '../../harness/adapter.ts'
import { CHECKED_STEPS, fill, type Model, operands, probe, samples, type Work } from '../../harness/work.ts'
import * as onnx from './onnx.ts'

export async function open({ runtime, threads }: { runtime: string; threads: number }): Promise<Adapter> {
  // In a page both names resolve to the files in the page's import map.
  const ort = await import(runtime === 'node' ? 'onnxruntime-node' : 'onnxruntime-web')
  if (runtime === 'web') ort.env.wasm.numThreads = threads
  const options = {
    executionProviders: [runtime === 'node' ? 'cpu' : 'wasm'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
  }
  return {
    version: `${ort.env.versions.common}`,
    async prepare(work): Promise<Prepared> {
      const [file, data, shape] = model(work)
      const session = await ort.InferenceSession.create(file, options)
      if (work.kind === 'stream') return stream(ort, session, work, data)
      const x = new ort.Tensor('float32', data, shape)
      const [name] = session.outputNames
      const step = async () => (await session.run({ x }))[name].data as Float32Array
      const amount = work.kind === 'infer' ? work.batch : 1
      return { check: probe(await step()), step, amount, dispose: () => session.release() }
    },
  }
}

/** The runtime or a part of it: its types are not available when this is checked. */
type Untyped = typeof import('onnxruntime-web')

/** Time steps one by one; the states of a step are inputs of the next. */
async function stream(ort: Untyped, session: Untyped, work: Model, data: Float32Array): Promise<Prepared> {
  const { units, names } = onnx.states(work)
  const size = data.length / CHECKED_STEPS
  const parts = Array.from({ length: CHECKED_STEPS }, (_, i) => {
    return new ort.Tensor('float32', data.slice(i * size, (i + 1) * size), [1, ...work.input])
  })
  let state = Object.fromEntries(
    names.map(([name]) => [name, new ort.Tensor('float32', new Float32Array(units), [1, 1, units])]),
  )
  let at = 0
  const step = async () => {
    const after = await session.run({ x: parts[at], ...state })
    state = Object.fromEntries(names.map(([before, name]) => [before, after[name]]))
    at = (at + 1) % parts.length
    return after[session.outputNames[0]].data as Float32Array
  }
  let last = await step()
  while (at > 0) last = await step()
  return { check: probe(last), step, amount: 1, dispose: () => session.release() }
}

/** The ONNX file for some work, and its inputs. */
function model(work: Work): [file: Uint8Array, x: Float32Array, shape: number[]] {
  switch (work.kind) {
    case 'gemm': {
      const { m, k, n } = work
      return [onnx.gemm(work, fill(k * n, 2)), fill(m * k, 1), [m, k]]
    }
    case 'conv': {
      if (work.part !== 'forward') throw new Cannot('ONNX Runtime has no gradients in JavaScript')
      const { x, w } = operands(work)
      return [onnx.conv(work, w), x, [work.batch, work.channels, work.size, work.size]]
    }
    case 'peak':
      throw new Cannot('its peak is not measured')
    case 'train':
      throw new Cannot('ONNX Runtime has no training in JavaScript')
    case 'stream':
    case 'infer': {
      const { batch, input }: Model = work
      const count = work.kind === 'stream' ? CHECKED_STEPS : batch
      return [onnx.network(work), samples(work, count), [batch, ...input]]
    }
  }
}
