// Recurrent layers in TensorFlow.js's operations: the inputs of all time steps in one product, then the steps one by one.
import * as tf from '@tensorflow/tfjs'
import type { Cell } from '../../harness/work.ts'

/** A tensor: TensorFlow.js's types are not available when this is checked. */
type Tensor = ReturnType<typeof tf.tensor>

/** The state of a layer; c of an LSTM. */
export interface State {
  h: Tensor
  c: Tensor
}

/** A function from `[batch, T, features]` to the last state, from the weights as in PyTorch. It begins with `state`, or zeros. */
export function recurrent(
  cell: Cell,
  weights: readonly { shape: number[]; data: Float32Array }[],
): (x: Tensor, state?: State) => State {
  const [ih, hh] = weights.slice(0, 2).map(({ data, shape }) => {
    return tf.variable(tf.transpose(tf.tensor(data, shape)))
  })
  const [bih, bhh] = weights.slice(2).map(({ data }) => tf.variable(tf.tensor1d(data)))
  const units = weights[1]!.shape[1]!
  const product = (h: Tensor) => tf.fused.matMul({ a: h, b: hh, bias: bhh })
  const steps = {
    rnn: (x: Tensor, { h, c }: State) => ({ h: tf.tanh(tf.add(x, product(h))), c }),
    gru: (x: Tensor, { h, c }: State) => {
      const [xr, xz, xn] = tf.split(x, 3, 1)
      const [hr, hz, hn] = tf.split(product(h), 3, 1)
      const [r, z] = [tf.sigmoid(tf.add(xr, hr)), tf.sigmoid(tf.add(xz, hz))]
      const n = tf.tanh(tf.add(xn, tf.mul(r, hn)))
      // (1 − z)·n + z·h.
      return { h: tf.add(n, tf.mul(z, tf.sub(h, n))), c }
    },
    lstm: (x: Tensor, { h, c }: State) => {
      const [i, f, g, o] = tf.split(tf.add(x, product(h)), 4, 1)
      const next = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)))
      return { h: tf.mul(tf.sigmoid(o), tf.tanh(next)), c: next }
    },
  }
  return (x, state) => {
    const [batch, T, features] = x.shape as [number, number, number]
    const all = tf.fused.matMul({ a: tf.reshape(x, [batch * T, features]), b: ih, bias: bih })
    const parts = tf.unstack(tf.reshape(all, [batch, T, -1]), 1) as Tensor[]
    const zeros = state ?? { h: tf.zeros([batch, units]), c: tf.zeros([batch, units]) }
    return parts.reduce((at, part) => steps[cell](part, at), zeros)
  }
}
