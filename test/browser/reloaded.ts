// A training with a checkpoint, for a page that is reloaded.
import { adam, batchNorm, datasets, dense, dropout, type FitOptions, network } from 'hebb'

/** Trains, and returns the SHA-256 of the weights. */
export async function train(more: FitOptions = {}): Promise<string> {
  const x = Array.from({ length: 400 }, (_, i) => [Math.sin(i), Math.cos(i * i), (i % 7) / 7])
  const data = await datasets.fromArrays(
    x,
    x.map(([a, b]) => Number(a! * b! > 0)),
  )
  const hidden = () => dense({ units: 64, activation: 'tanh' })
  const layers = [
    hidden(),
    batchNorm(),
    dropout({ rate: 0.1 }),
    hidden(),
    dense({ units: 2, activation: 'softmax' }),
  ]
  const net = await network([3], layers as never, { seed: 1 })
  await net.fit(data, { epochs: 12, batchSize: 8, selection: 0.2, optimizer: adam(), ...more })
  const { buffer } = new Float32Array(Object.values(await net.weights()).flatMap(({ data }) => [...data]))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', buffer))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
