// TensorFlow.js core on its wasm or cpu backend, in Node and in pages. Its images are NHWC.
import * as tf from '@tensorflow/tfjs'
import { type Adapter, Cannot, type Prepared } from '../../harness/adapter.ts'
import * as w from '../../harness/work.ts'

/** A tensor, or what its types will call so. */
type Values = ReturnType<typeof tf.tensor>

export async function open({ backend, threads }: { backend: string; threads: number }): Promise<Adapter> {
  let note = ''
  if (backend === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm')
    // It takes at most half of the cores that it believes in, and in Node one thread whatever it is told.
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
      // Its tensors are freed with the scope, its variables are not.
      tf.engine().startScope()
      return { gemm, conv, train, infer }[work.kind](work as never)
    },
  }
}

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
  throw new Cannot(`not yet: ${work.part}`)
}

/** A function from samples to logits, and the parameters that it reads. */
function network(model: w.Model) {
  const tensors = w.parameters(model).map(({ shape, data }, index) => {
    const tensor = tf.tensor(data, shape)
    if (shape.length === 1) return tf.variable(tensor)
    // conv OIHW → HWIO; dense [units, inputs] → [inputs, units], behind images from CHW to HWC.
    if (shape.length === 4) return tf.variable(tf.transpose(tensor, [2, 3, 1, 0]))
    const before = model.layers[model.layers.findIndex((layer) => layer.type === 'flatten')]
    const first = model.layers.find((layer) => layer.type === 'dense')
    const isFirst = first?.type === 'dense' && shape[1] === first.inputs && before?.type === 'flatten'
    if (!isFirst || index === 0) return tf.variable(tf.transpose(tensor))
    const [c, h, width] = before.shape
    const image = tf.transpose(tf.reshape(tensor, [shape[0]!, c, h, width]), [2, 3, 1, 0])
    return tf.variable(tf.reshape(image, [shape[1]!, shape[0]!]))
  })
  return (x: Values) => {
    let used = 0
    let at = x
    for (const layer of model.layers) {
      if (layer.type === 'flatten') at = tf.reshape(at, [at.shape[0], -1])
      else if (layer.type === 'pool')
        at = layer.pool === 'max' ? tf.maxPool(at, 2, 2, 'valid') : tf.avgPool(at, 2, 2, 'valid')
      else {
        const [weight, bias] = [tensors[used++], tensors[used++]]
        const activation = layer.activation === 'relu' ? 'relu' : 'linear'
        at =
          layer.type === 'conv'
            ? tf.fused.conv2d({ x: at, filter: weight, strides: 1, pad: layer.padding, bias, activation })
            : tf.fused.matMul({ a: at, b: weight, bias, activation })
        if (layer.activation === 'tanh') at = tf.tanh(at)
      }
    }
    return at
  }
}

/** Samples as tfjs has them: one channel makes NCHW and NHWC the same bytes. */
function images(model: w.Model, count: number): Values {
  const [c, h, width] = model.input
  const shape = h === undefined ? [count, c] : [count, h, width, c]
  return tf.tensor(w.samples(model, count), shape as number[])
}

async function infer(model: w.Model): Promise<Prepared> {
  const run = network(model)
  const data = w.samples(model, model.batch)
  const [c, h, width] = model.input
  const shape = h === undefined ? [model.batch, c] : [model.batch, h, width, c]
  const step = async () => {
    const y = tf.tidy(() => tf.softmax(run(tf.tensor(data, shape as number[]))))
    const values = await y.data()
    y.dispose()
    return values
  }
  return { check: w.probe(await step()), step, amount: model.batch, dispose }
}

async function train(model: w.Model): Promise<Prepared> {
  const { batch } = model
  const run = network(model)
  const optimizer = tf.train.momentum(w.LEARNING_RATE, w.MOMENTUM)
  const x = images(model, w.SAMPLES)
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
  const y = tf.tidy(() => tf.softmax(run(images(model, 2))))
  return { check: w.probe(await y.data()), step, amount: batch, dispose }
}
