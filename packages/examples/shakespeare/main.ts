// Shakespeare, character by character: a network of long short-term memory learns nine tenths of a million characters, is
// measured on the last tenth, and writes. With `--python PYTHON` PyTorch trains the same network from the same weights on the
// same minibatches (`pytorch.py`); `--save` writes both results to `results.md`.
//
// `python packages/examples/shakespeare/fetch.py` fetches the text; `--text FILE` reads another one.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { adam, init, shutdown } from 'hebb'
import { characters, generate, perplexity, tokenWindows, trigram } from 'hebb/text'
import { charRnn } from 'hebb/zoo'
import { random } from '../random.ts'

const here = dirname(fileURLToPath(import.meta.url))
const folder = join(here, '..', '..', '..', 'target', 'shakespeare')
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    text: { type: 'string', default: join(folder, 'text.txt') },
    epochs: { type: 'string', default: '5' },
    units: { type: 'string', default: '128' },
    python: { type: 'string' },
  },
})
const [STEPS, BATCH, RATE] = [64, 32, 0.002]
const [epochs, units] = [Number(values.epochs), Number(values.units)]
const say = (text: string) => void (values.json || console.log(text))
if (!existsSync(values.text)) {
  throw new Error(`there is no ${values.text}: run python packages/examples/shakespeare/fetch.py`)
}

const text = readFileSync(values.text, 'utf8')
const alphabet = characters(text)
const tokens = alphabet.encode(text)
const border = Math.floor(tokens.length * 0.9)
const [known, unseen] = [tokens.subarray(0, border), tokens.subarray(border)]
say(
  `${tokens.length} characters, ${alphabet.size - 1} different ones; the last ${unseen.length} are held out`,
)

// The windows in a random order, which is the same in each epoch.
const windows = await tokenWindows(known, { steps: STEPS })
const draw = random(1)
const order = Array.from({ length: windows.samples }, (_, i) => i)
for (let i = order.length - 1; i > 0; i--) {
  const j = Math.floor(draw() * (i + 1))
  ;[order[i], order[j]] = [order[j]!, order[i]!]
}
const data = await windows.subset(order)

const engine = await init()
const net = await charRnn({ vocabulary: alphabet.size, steps: STEPS, units, layers: 1, seed: 1 })
say(net.summary())
if (values.python) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'start.safetensors'), await net.toBytes())
  const twin = { tokens: [...tokens], border, order, steps: STEPS, batch: BATCH, rate: RATE, epochs }
  writeFileSync(join(folder, 'twin.json'), JSON.stringify(twin))
}

const started = performance.now()
await net.fit(data, {
  epochs,
  batchSize: BATCH,
  shuffle: false,
  optimizer: adam({ learningRate: RATE }),
  progress: !values.json,
})
const seconds = (performance.now() - started) / 1000
const bits = Math.log2(await perplexity(net, unseen))
const baseline = Math.log2(trigram(known, alphabet.size).perplexity(unseen))
const steps = epochs * Math.ceil(data.samples / BATCH)
say(
  `${steps} steps in ${seconds.toFixed(1)} s; ${bits.toFixed(3)} bits per character, trigrams ${baseline.toFixed(3)}`,
)

let written = ''
for await (const next of generate(net, {
  prompt: text.slice(0, 20),
  vocabulary: alphabet,
  length: 400,
  temperature: 0.7,
  seed: 1,
})) {
  written += next.text
}
say(`\n${written}\n`)
await shutdown()

const twin: { bits: number; seconds: number; torch: string; threads: number } | undefined =
  values.python &&
  JSON.parse(execFileSync(values.python, [join(here, 'pytorch.py'), folder], { encoding: 'utf8' }))
if (twin) {
  say(`PyTorch ${twin.torch}: ${twin.seconds.toFixed(1)} s; ${twin.bits.toFixed(3)} bits per character`)
}
if (values.json) console.log(JSON.stringify({ bits, baseline, steps, seconds, written, twin }))
if (values.save && twin) {
  const row = (name: string, bits: number, seconds?: number) =>
    `| ${name} | ${bits.toFixed(3)} | ${seconds === undefined ? '' : seconds.toFixed(1)} |`
  writeFileSync(
    join(here, 'results.md'),
    `# Shakespeare, character by character

Made by \`npm run example -- shakespeare --python PYTHON --save\`, on ${cpus().length} threads of ${cpus()[0]?.model.trim()},
Node ${process.version}. Training on the first ${known.length} of ${tokens.length} characters: ${steps} steps of ${BATCH} windows
of ${STEPS} characters; embedding and LSTM of ${units} units, ${net.parameters} parameters; Adam, learning rate ${RATE}. Bits are
measured on the last ${unseen.length} characters, in windows that begin with the state zero. The times are those of one run each, one
after another, and tell only the order of magnitude; \`npm run bench -- rnn\` measures with care.

| model | bits per character | seconds of training |
| ----- | -----------------: | ------------------: |
${row(`Hebb, ${engine.simd}, ${engine.threads} threads`, bits, seconds)}
${row(`PyTorch ${twin.torch}, ${twin.threads} threads, the same weights and minibatches`, twin.bits, twin.seconds)}
${row('trigrams, interpolated Kneser–Ney', baseline)}

What the network writes, at temperature 0.7:

\`\`\`text
${text.slice(0, 20)}${written}
\`\`\`
`,
  )
}
