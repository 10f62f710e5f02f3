// Hebb as users run it, in Node and in pages; its bare kernels, which are not public, run in separate workers.
import * as hebb from 'hebb'
import type { Adapter, Prepared } from '../../harness/adapter.ts'
import * as w from '../../harness/work.ts'
import { type Kernels, startKernels } from './kernels.ts'

export async function open({ threads, simd }: { threads: number; simd: hebb.Simd }): Promise<Adapter> {
  let here = false
  const started = await hebb.init({ threads, simd })
  let kernels: Promise<Kernels> | undefined
  return {
    version: `0.1.0, ${started.simd}`,
    async prepare(work) {
      if (!('layers' in work)) {
        kernels ??= startKernels(simd, started.threads)
        return (await kernels).prepare(work)
      }
      if (here !== !!work.here) {
        here = !here
        await hebb.shutdown()
        await hebb.init(here ? { simd, thread: 'here' } : { threads, simd })
      }
      if (work.kind === 'stream') return stream(work)
      return work.kind === 'train' ? train(work) : infer(work, here)
    },
  }
}

/** The network with the benchmark's parameters. */
export async function build(model: w.Model): Promise<hebb.Network> {
  const layers = model.layers.map((layer, index) => {
    if (layer.type === 'pool') {
      const window = { kernel: layer.kernel ?? 2, stride: 2 }
      return layer.pool === 'max' ? hebb.maxPool2d(window) : hebb.averagePool2d(window)
    }
    if (layer.type === 'flatten') return hebb.flatten()
    if (layer.type === 'recurrent') {
      const { cell, units } = layer
      return { rnn: hebb.rnn, gru: hebb.gru, lstm: hebb.lstm }[cell]({ units })
    }
    const isLast = index === model.layers.length - 1
    const activation = isLast ? 'softmax' : layer.activation === 'none' ? 'identity' : layer.activation
    if (layer.type === 'dense') return hebb.dense({ units: layer.units, activation })
    const { filters, kernel, stride = 1, padding } = layer
    return hebb.conv2d({ filters, kernel, stride, padding, activation })
  })
  // The compiler can't check what is known only at run time.
  const net: hebb.Network = await hebb.network(model.input as [number], layers as never)
  const names = Object.keys(await net.weights())
  await net.setWeights(Object.fromEntries(w.parameters(model).map((tensor, i) => [names[i]!, tensor])))
  return net
}

async function infer(model: w.Model, here: boolean): Promise<Prepared> {
  const net = await build(model)
  const x = { data: w.samples(model, model.batch), shape: [model.batch, ...model.input] }
  const { data } = await net.predict(x)
  return {
    check: w.probe(data),
    step: () => (here ? void net.predictSync(x) : net.predict(x)),
    amount: model.batch,
    dispose: () => net.dispose(),
  }
}

async function stream(model: w.Model): Promise<Prepared> {
  const net = await build(model)
  const x = w.samples(model, w.CHECKED_STEPS)
  const parts = Array.from({ length: w.CHECKED_STEPS }, (_, i) => {
    const features = x.length / w.CHECKED_STEPS
    return { data: x.slice(i * features, (i + 1) * features), shape: [...model.input] }
  })
  let [state, at]: [hebb.State, number] = [{}, 0]
  const step = async () => {
    const after = await net.predict(parts[at]!, { state })
    state = after.state
    at = (at + 1) % parts.length
    return after.output.data
  }
  let last = await step()
  while (at > 0) last = await step()
  return { check: w.probe(last), step, amount: 1, dispose: () => net.dispose() }
}

async function train(model: w.Model): Promise<Prepared> {
  const { batch: batchSize } = model
  const optimizer = hebb.sgd({ learningRate: w.LEARNING_RATE, momentum: w.MOMENTUM })
  const set = (count: number) =>
    hebb.datasets.fromArrays(
      { data: w.samples(model, count), shape: [count, ...model.input] },
      w.classes(count),
    )
  const net = await build(model)
  const few = await set(w.CHECKED_STEPS * batchSize)
  await net.fit(few, { shuffle: false, batchSize, optimizer })
  const { data: check } = await net.predict({ data: w.samples(model, 2), shape: [2, ...model.input] })
  few.dispose()
  const count = model.samples ?? w.SAMPLES
  const data = await set(count)
  return {
    check: w.probe(check),
    // One shuffled epoch.
    step: () => net.fit(data, { batchSize, optimizer }),
    amount: count,
    dispose: () => {
      net.dispose()
      data.dispose()
    },
  }
}
