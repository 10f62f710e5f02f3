// npm run bench -- [SUITE] [options]: runs a suite, writes its report to bench/results, and prints it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ENGINES } from './engines/index.ts'
import { machine } from './report.ts'
import { activations } from './suites/activation.ts'
import { lenet } from './suites/lenet.ts'
import { overhead } from './suites/overhead.ts'
import { stream } from './suites/stream.ts'

const SUITES = { lenet, overhead, activation: activations, stream }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engines: { type: 'string', default: ENGINES.join(',') },
    threads: { type: 'string', default: '2' },
    batch: { type: 'string', default: '64' },
    variant: { type: 'string', default: 'relu' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [suite = 'lenet'] = positionals
if (values.help || !Object.hasOwn(SUITES, suite)) {
  console.log(
    `npm run bench -- [${Object.keys(SUITES).join('|')}] [--engines ${ENGINES.join(',')}] [--threads 2] [--batch 64] [--variant relu|tanh] [--quick] [--json]`,
  )
  process.exit(values.help ? 0 : 1)
}

const report = await SUITES[suite as keyof typeof SUITES]({
  engines: values.engines.split(','),
  threads: Number(values.threads),
  batch: Number(values.batch),
  variant: values.variant,
  quick: values.quick,
})
const { file, lines, ...rest } = report
const answer = { machine: machine(), ...rest }
const folder = join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, `${file}.json`), `${JSON.stringify(answer, null, 2)}\n`)
console.log(values.json ? JSON.stringify(answer) : lines.join('\n'))
