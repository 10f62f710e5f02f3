// jax-js on its wasm backend, which compiles kernels of its own, with threads in an isolated page. Everything is under `jit`,
// which here is at least as fast as without.
import { type Adapter, Cannot, type Prepared } from '../../harness/adapter.ts'
import * as w from '../../harness/work.ts'
import { type Jax, network, type Tensor } from './network.ts'

export async function open({ threads }: { threads: number }): Promise<Adapter> {
  // When it is loaded it takes as many workers as it detects cores.
  Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => threads })
  const jax = await import('@jax-js/jax')
  const { version } = await (
    await fetch(new URL('../node_modules/@jax-js/jax/package.json', import.meta.url))
  ).json()
  return {
    version,
    async prepare(work) {
      switch (work.kind) {
        case 'gemm':
          return gemm(jax, work)
        case 'infer':
          return infer(jax, work)
        case 'train':
          return train(jax, work)
        case 'conv':
          throw new Cannot('its convolutions take seconds: see lenet')
        default:
          throw new Cannot(`${work.kind} is not measured with it`)
      }
    },
  }
}

async function gemm({ jit, numpy, tree }: Jax, { m, k, n }: w.Gemm): Promise<Prepared> {
  const operands: Tensor[] = [
    numpy.array(w.fill(m * k, 1), { shape: [m, k] }),
    numpy.array(w.fill(k * n, 2), { shape: [k, n] }),
  ]
  const product = jit(numpy.matmul)
  const step = async () => {
    const y = product(...tree.ref(operands))
    await y.blockUntilReady()
    y.dispose()
  }
  const check = w.probe(await product(...tree.ref(operands)).data())
  return { check, step, amount: 1, dispose: () => tree.dispose(operands) }
}

async function infer(jax: Jax, model: w.Model): Promise<Prepared> {
  const { jit, nn, numpy, tree } = jax
  const { parameters, logits } = network(jax, model)
  const probabilities = jit((own: Tensor[], x: Tensor) => nn.softmax(logits(own, x)))
  const data = w.samples(model, model.batch)
  const step = (): Promise<Float32Array> => {
    const x = numpy.array(data, { shape: [model.batch, ...model.input] })
    return probabilities(tree.ref(parameters), x).data()
  }
  return { check: w.probe(await step()), step, amount: model.batch, dispose: () => tree.dispose(parameters) }
}

async function train(jax: Jax, model: w.Model): Promise<Prepared> {
  const { grad, jit, nn, numpy, tree } = jax
  const { batch, samples = w.SAMPLES } = model
  const { parameters, logits } = network(jax, model)
  const loss = (own: Tensor[], x: Tensor, t: Tensor) =>
    nn
      .logSoftmax(logits(own, x))
      .mul(t)
      .sum()
      .mul(-1 / batch)
  const update = jit((own: Tensor[], velocity: Tensor[], x: Tensor, t: Tensor) => {
    const gradients = grad(loss)(tree.ref(own), x, t)
    const moved = velocity.map((v, i) => v.mul(w.MOMENTUM).add(gradients[i]))
    return [own.map((p, i) => p.sub(moved[i].ref.mul(w.LEARNING_RATE))), moved]
  })
  const [data, classes, size] = [w.samples(model, samples), w.classes(samples), w.size(model.input)]
  const parts = Array.from({ length: samples / batch }, (_, part) => {
    const [from, to] = [part * batch, (part + 1) * batch]
    const x = numpy.array(data.slice(from * size, to * size), { shape: [batch, ...model.input] })
    const t = nn.oneHot(numpy.array(Int32Array.from(classes.slice(from, to))), 10)
    return [x, t]
  })
  let [own, velocity, at] = [parameters, tree.ref(parameters).map(numpy.zerosLike), 0]
  const step = async () => {
    ;[own, velocity] = update(own, velocity, ...tree.ref(parts[at]))
    at = (at + 1) % parts.length
    await jax.blockUntilReady([own, velocity])
  }
  for (let i = 0; i < w.CHECKED_STEPS; i++) await step()
  const x = numpy.array(w.samples(model, 2), { shape: [2, ...model.input] })
  const check = w.probe(await nn.softmax(logits(tree.ref(own), x)).data())
  return { check, step, amount: batch, dispose: () => tree.dispose([own, velocity, parts]) }
}
