// npm run proof -- checkpoints [KILLS]: kills trainings with SIGKILL at random moments, writes included, 200 times. After each kill
// the checkpoint is whole, and the training goes on to the bits of one that was not interrupted.
import { killed } from '../helpers/kills.mjs'

const kills = Number(process.argv[2] ?? 200)
const { ends, expected, ...found } = await killed(kills, (text) => console.error(text))
const equal = ends.filter((end) => end === expected).length
console.log(JSON.stringify({ ...found, equal, sha256: expected }))
process.exitCode = equal === kills ? 0 : 1
