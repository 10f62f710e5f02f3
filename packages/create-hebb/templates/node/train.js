import { datasets, dense, network } from 'hebb'

const x = [[0, 0], [0, 1], [1, 0], [1, 1]]
const data = await datasets.fromArrays(x, [[0], [1], [1], [0]])
const layers = [dense({ units: 4, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })]
const net = await network([2], layers, { seed: 1 })
await net.fit(data, { epochs: 500, optimizer: { type: 'adam', learningRate: 0.05 } })
console.log((await net.predict(x)).toArray()) // close to 0, 1, 1, 0
