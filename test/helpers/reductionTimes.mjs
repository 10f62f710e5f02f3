// A program that some ranks run alike: how long sums of shared vectors take. Rank 0 prints the medians in microseconds.
import { distributed } from 'hebb/distributed'

const reduce = process.argv[2]
const ranks = await distributed({ reduce })
for (const [length, rounds] of [
  [61_706, 200],
  [61_100_840, 7],
]) {
  const memory = new Float32Array(new SharedArrayBuffer(4 * length)).fill(1)
  const times = []
  for (let round = -2; round < rounds; round++) {
    await ranks.barrier()
    const from = performance.now()
    await ranks.allReduce(memory)
    if (round >= 0) times.push(performance.now() - from)
  }
  const median = times.sort((a, b) => a - b)[rounds >> 1]
  const microseconds = Math.round(1000 * median)
  if (ranks.rank === 0)
    console.log(JSON.stringify({ ranks: ranks.size, reduce, floats: length, microseconds }))
}
await ranks.close()
