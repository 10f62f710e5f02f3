// Trains with checkpoints where no file may be as large as those of the second network: node fullDisk.mjs FILE.
import { adam, datasets, dense, network } from 'hebb'

const [path] = process.argv.slice(2)
const data = await datasets.fromArrays([[1], [2], [3]], [[2], [3], [4]])
const make = (units) => network([1], [dense({ units }), dense({ units: 1 })], { seed: 1 })
const options = { optimizer: adam(), checkpoint: { path } }
const small = await make(2)
await small.fit(data, options)
const large = await make(5000)
await large.fit(data, options).catch((error) => console.log(`${error.code}: ${error.message}`))
// The checkpoint from before is whole, and the network in memory too.
const again = await make(2)
const { epochs } = await again.fit(data, { ...options, resume: true })
const more = await large.fit(data, { optimizer: adam() })
console.log(epochs.length, more.epochs.length)
