// Recurrent networks: the formulas of the notes step by step (`notes.ts`), sunspots a year ahead (`sunspots.ts`), sums over
// 50 steps (`adding.ts`), and symbols to be repeated (`copying.ts`). Shakespeare is
// an example of its own, whose results are read.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { shutdown } from 'hebb'
import { drawer } from '../figures.ts'
import { adding } from './adding.ts'
import { copying } from './copying.ts'
import { echo } from './notes.ts'
import { sunspots } from './sunspots.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    svg: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
})
const say = (text: string) => void (values.json || console.log(text))
const [seed, started, progress] = [Number(values.seed), performance.now(), !values.json]
const draw = drawer(values.svg, say)

const difference = await echo(say)
const spots = await sunspots(Number(values.seeds), draw, say, progress)
const added = await adding(seed, say, progress)
const copied = await copying(seed, say, progress)

// `npm run example -- shakespeare --python PYTHON --save` writes these, with versions.
const measured = readFileSync(join(import.meta.dirname, '..', 'shakespeare', 'results.md'), 'utf8')
const bitsOf = (model: string) =>
  Number(new RegExp(`^\\| ${model}.*?\\| +([\\d.]+) \\|`, 'm').exec(measured)?.[1])
const text = { bitsPerChar: bitsOf('Hebb'), pytorchBitsPerChar: bitsOf('PyTorch') }
say(
  `Shakespeare, bits per character: ${text.bitsPerChar}, by PyTorch ${text.pytorchBitsPerChar} (shakespeare/results.md)\n`,
)

const seconds = (performance.now() - started) / 1000
say(`${seconds.toFixed(1)} seconds`)
if (values.json) {
  const results = {
    difference,
    sunspots: spots,
    addingMse: added.gated,
    elmanMse: added.elman,
    copying: copied,
    ...text,
  }
  console.log(JSON.stringify({ ...results, seconds }))
}
await shutdown()
