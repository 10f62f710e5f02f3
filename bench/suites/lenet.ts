// Training LeNet-5 on MNIST: engines take turns round by round, so that a drift of the machine hits all of
// them. Ratios of the same round are what counts.
import { ENGINES, type Engine, start } from '../engines/index.ts'
import { type Options, quantile, type Report } from '../report.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

export async function lenet({ engines: names, threads, batch, variant, quick }: Options): Promise<Report> {
  const rounds = quick ? 5 : 15
  const job = { batch, variant, seconds: quick ? 0.7 : 1.5 }
  const engines: Engine[] = []
  const missing: { engine: string; reason: string }[] = []
  for (const name of names) {
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
    const rates = engines.map(({ name }) => `${name} ${samples.get(name)!.at(-1)!.toFixed(0)}/s`)
    say(`round ${round}/${rounds}: ${rates.join(', ')}`)
  }
  for (const engine of engines) engine.end()

  const name = `train b${batch}${variant === 'relu' ? '' : ` ${variant}`}`
  const results = engines.map(({ name: engine }) => {
    const rates = samples.get(engine)!
    const ms = (rate: number) => (1000 * batch) / rate
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
      const [median, p10, p90] = [0.5, 0.1, 0.9].map((q) => quantile(pairs, q)) as [number, number, number]
      return { engine, to: 'pytorch', median, p10, p90 }
    })
  const lines = [
    ...results.map(
      (r) => `${r.engine.padEnd(18)} ${r.case}, ${threads} threads: ${r.perSecond.toFixed(0)} images/s`,
    ),
    ...ratios.map(
      (r) =>
        `${r.engine} / ${r.to}: ${r.median.toFixed(2)} (10–90 %: ${r.p10.toFixed(2)}–${r.p90.toFixed(2)})`,
    ),
    ...missing.map((m) => `missing: ${m.engine}: ${m.reason}`),
  ]
  const file = `lenet-${name.replaceAll(' ', '-')}-${threads}t`
  return { file, lines, rounds, results, ratios, missing }
}
