// A program that three ranks run alike: sums and copies of views in shared memory. Each prints `right`, or what is wrong.
import { datasets } from 'hebb'
import { distributed } from 'hebb/distributed'

const ranks = await distributed()
const { rank, size } = ranks
const wrong = []
const check = (what, right) => right || wrong.push(what)

// Of lengths below the number of ranks too, at an odd place, with neighbours.
for (const length of [0, 1, 2, 5, 61_706]) {
  const memory = new Float32Array(new SharedArrayBuffer(4 * (length + 7))).fill(-1)
  const view = memory.subarray(3, 3 + length)
  const term = (of, i) => Math.fround(1 / (1 + of + i))
  for (let i = 0; i < length; i++) view[i] = term(rank, i)
  await ranks.allReduce(view)
  const sum = (i) => Math.fround(Math.fround(term(0, i) + term(1, i)) + term(2, i))
  check(
    `a sum of ${length}`,
    view.every((value, i) => value === sum(i)),
  )
  const neighbours = [...memory.subarray(0, 3), ...memory.subarray(3 + length)]
  check(
    `neighbours of ${length}`,
    neighbours.every((value) => value === -1),
  )
  view.fill(rank)
  await ranks.broadcast(view)
  check(`a copy of ${length}`, view.every((value) => value === 0) && memory[2] === -1 && memory.at(-1) === -1)
}
// Others wait for as long as it takes, and lengths must agree.
await ranks.barrier()
const unlike = await ranks.allReduce(new Float32Array(3 + rank)).catch((error) => error.message)
check(
  'unlike lengths',
  unlike ===
    'allReduce: rank 1 has another length than rank 0: 4, not 3. All ranks must run the same program on the same samples',
)
const data = await datasets.fromArrays({ shape: [7, 1], data: new Float32Array(7) })
check('a part', (await ranks.shard(data)).samples === [2, 2, 3][rank])
check('a second job', (await distributed().catch((error) => error.code)) === 'option')
console.log(wrong.length === 0 && size === 3 ? 'right' : wrong.join(', '))
