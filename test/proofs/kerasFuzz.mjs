// Damaged files of Keras and TensorFlow.js for ten minutes: each loads or is refused with a HebbError.
// npm run proof -- kerasFuzz [MINUTES]
import { fuzzKeras } from '../helpers/kerasFuzz.mjs'

const [minutes = '10'] = process.argv.slice(2)
const result = await fuzzKeras({ seed: 1, seconds: 60 * Number(minutes) })
for (const [why] of result.failures.slice(0, 5)) console.error(why)
const ok = result.failures.length === 0
console.log(JSON.stringify({ ok, ...result, failures: result.failures.length }))
process.exit(ok ? 0 : 1)
