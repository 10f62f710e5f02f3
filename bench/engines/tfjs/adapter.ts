// TensorFlow.js core on its wasm or cpu backend, in Node and in pages. Its images are NHWC.
import * as tf from '@tensorflow/tfjs'
import { type Adapter, Cannot, type Prepared } from '../../harness/adapter.ts'
import * as w from '../../harness/work.ts'
import { hwio, images, network, nhwc } from './network.ts'
import { recurrent, type State } from './recurrent.ts'

export async function open({ backend, threads }: { backend: string; threads: number }): Promise<Adapter> {
  let note = ''
  if (backend === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm')
    // It uses at most half of the cores that it detects, and in Node one thread for any setting.
    if (typeof process === 'undefined') {
      Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 2 * threads })
    }
    wasm.setThreadsCount(threads)
    wasm.setWasmPaths(
      new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).href.replace(
        'file://',
        '',
      ),
    )
    await tf.setBackend('wasm')
    await tf.ready()
    note = `, ${wasm.getThreadsCount()} threads`
  } else {
    await tf.setBackend('cpu')
  }
  return {
    version: `${tf.version.tfjs}${note}`,
    async prepare(work) {
      if (work.kind === 'train' && work.layers.some(({ type }) => type === 'conv')) {
        if (backend === 'wasm') throw new Cannot('its wasm backend has no Conv2DBackpropFilter')
        if (work.batch > 32) throw new Cannot('seconds a step: see train b32')
      }
      if (work.kind === 'peak') throw new Cannot('its peak is not measured')
      // The scope frees its tensors, but not its variables.
      tf.engine().startScope()
      return { gemm, conv, train, infer, stream }[work.kind](work as never)
    },
  }
}

/** Frees what was allocated since {@link open} prepared it. */
function dispose(): void {
  tf.disposeVariables()
  tf.engine().endScope()
}

async function gemm({ m, k, n }: w.Gemm): Promise<Prepared> {
  const a = tf.tensor2d(w.fill(m * k, 1), [m, k])
  const b = tf.tensor2d(w.fill(k * n, 2), [k, n])
  const check = w.probe(await tf.matMul(a, b).data())
  return { check, step: () => tf.matMul(a, b).dispose(), amount: 1, dispose }
}

async function conv(work: w.Conv): Promise<Prepared> {
  if (work.part === 'dW') throw new Cannot('its gradients of filters are not measured: wasm has none')
  const { batch, channels, size, filters, kernel, stride, padding } = work
  const out = w.outputSize(work)
  const operands = w.operands(work)
  const x = nhwc(operands.x, [batch, channels, size, size])
  const dy = nhwc(operands.dy, [batch, filters, out, out])
  const weight = hwio(operands.w, [filters, channels, kernel, kernel])
  const compute = () =>
    work.part === 'forward'
      ? tf.conv2d(x, weight, stride, padding)
      : tf.conv2dTranspose(dy, weight, x.shape, stride, padding)
  const check = w.probe(await tf.transpose(compute(), [0, 3, 1, 2]).data())
  return { check, step: () => compute().dispose(), amount: 1, dispose }
}

async function infer(model: w.Model): Promise<Prepared> {
  const run = network(model)
  const data = w.samples(model, model.batch)
  const step = async () => {
    const y = tf.tidy(() => tf.softmax(run(images(model, data))))
    const values = await y.data()
    y.dispose()
    return values
  }
  return { check: w.probe(await step()), step, amount: model.batch, dispose }
}

async function stream(model: w.Model): Promise<Prepared> {
  const all = w.parameters(model)
  const { cell } = model.layers[0] as Extract<w.Layer, { type: 'recurrent' }>
  const run = recurrent(cell, all.slice(0, 4))
  const [weight, bias] = [tf.transpose(tf.tensor(all[4]!.data, all[4]!.shape)), tf.tensor1d(all[5]!.data)]
  const x = tf.unstack(images(model, w.samples(model, w.CHECKED_STEPS)))
  let [state, at]: [State | undefined, number] = [undefined, 0]
  const step = async () => {
    const before: State | undefined = state
    const { y, ...after } = tf.tidy(() => {
      const after = run(tf.expandDims(x[at]!), before)
      return { y: tf.softmax(tf.fused.matMul({ a: after.h, b: weight, bias })), ...after }
    })
    if (before) tf.dispose([before.h, before.c])
    state = after
    at = (at + 1) % x.length
    const values = await y.data()
    y.dispose()
    return values
  }
  let last = await step()
  while (at > 0) last = await step()
  return { check: w.probe(last), step, amount: 1, dispose }
}

async function train(model: w.Model): Promise<Prepared> {
  const { batch } = model
  const run = network(model)
  const optimizer = tf.train.momentum(w.LEARNING_RATE, w.MOMENTUM)
  const x = images(model, w.samples(model, w.SAMPLES))
  const t = tf.oneHot(tf.tensor1d(w.classes(w.SAMPLES), 'int32'), 10)
  let at = 0
  const step = () => {
    tf.tidy(() => {
      const [part, targets] = [tf.slice(x, at, batch), tf.slice(t, at, batch)]
      optimizer.minimize(() => tf.losses.softmaxCrossEntropy(targets, run(part)))
    })
    at = (at + batch) % w.SAMPLES
  }
  for (let i = 0; i < w.CHECKED_STEPS; i++) step()
  const y = tf.softmax(run(images(model, w.samples(model, 2))))
  return { check: w.probe(await y.data()), step, amount: batch, dispose }
}
