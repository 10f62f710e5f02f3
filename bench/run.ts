// The benchmark: engines take turns round by round, so that a drift of the machine hits all of them.
// Ratios of the same round are what counts. `npm run bench -- --help` lists the options.
import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ENGINES, type Engine, start } from './engines/index.ts'

const { values } = parseArgs({
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
if (values.help) {
  console.log(
    `npm run bench -- [--engines ${ENGINES.join(',')}] [--threads 2] [--batch 64] [--variant relu|tanh] [--quick] [--json]`,
  )
  process.exit()
}

const rounds = values.quick ? 5 : 15
const job = { batch: Number(values.batch), variant: values.variant, seconds: values.quick ? 0.7 : 1.5 }
const threads = Number(values.threads)
const say = (text: string) => process.stderr.write(`${text}\n`)

const engines: Engine[] = []
const missing: { engine: string; reason: string }[] = []
for (const name of values.engines.split(',')) {
  try {
    if (!ENGINES.includes(name)) throw new Error(`there is no such engine; there are ${ENGINES.join(', ')}`)
    const engine = start(name, threads)
    // The first answers warm the engine up: WebAssembly is slow until it is tiered up.
    await engine.ask({ ...job, seconds: 2 })
    engines.push(engine)
  } catch (error) {
    missing.push({ engine: name, reason: (error as Error).message })
  }
}

const samples = new Map<string, number[]>(engines.map(({ name }) => [name, []]))
for (let round = 1; round <= rounds; round++) {
  for (const engine of engines) {
    const { perSecond } = await engine.ask(job)
    samples.get(engine.name)!.push(perSecond)
  }
  say(
    `round ${round}/${rounds}: ${engines.map(({ name }) => `${name} ${samples.get(name)!.at(-1)!.toFixed(0)}/s`).join(', ')}`,
  )
}
for (const engine of engines) engine.end()

const quantile = (list: readonly number[], q: number) =>
  [...list].sort((a, b) => a - b)[Math.round(q * (list.length - 1))]!
const name = `train b${job.batch}${job.variant === 'relu' ? '' : ` ${job.variant}`}`
const results = engines.map(({ name: engine }) => {
  const rates = samples.get(engine)!
  const ms = (rate: number) => (1000 * job.batch) / rate
  return {
    suite: 'lenet',
    case: name,
    engine,
    threads,
    medianMs: ms(quantile(rates, 0.5)),
    minMs: ms(quantile(rates, 1)),
    maxMs: ms(quantile(rates, 0)),
    perSecond: quantile(rates, 0.5),
  }
})
// The ratio to PyTorch, from pairs of the same round.
const ratios = engines
  .filter(({ name }) => name !== 'pytorch' && samples.has('pytorch'))
  .map(({ name: engine }) => {
    const pairs = samples.get(engine)!.map((rate, round) => rate / samples.get('pytorch')![round]!)
    return {
      engine,
      to: 'pytorch',
      median: quantile(pairs, 0.5),
      p10: quantile(pairs, 0.1),
      p90: quantile(pairs, 0.9),
    }
  })
const machine = {
  cpu: cpus()[0]!.model,
  cores: cpus().length,
  arch: arch(),
  node: process.version,
  load: loadavg()[0],
  date: new Date().toISOString(),
  rounds,
}
const report = { machine, results, ratios, missing }
const folder = join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
writeFileSync(
  join(folder, `lenet-${name.replaceAll(' ', '-')}-${threads}t.json`),
  `${JSON.stringify(report, null, 2)}\n`,
)

if (values.json) console.log(JSON.stringify(report))
else {
  for (const r of results)
    console.log(`${r.engine.padEnd(18)} ${r.case}, ${threads} threads: ${r.perSecond.toFixed(0)} images/s`)
  for (const r of ratios)
    console.log(
      `${r.engine} / ${r.to}: ${r.median.toFixed(2)} (10–90 %: ${r.p10.toFixed(2)}–${r.p90.toFixed(2)})`,
    )
  for (const m of missing) console.log(`missing: ${m.engine}: ${m.reason}`)
}
