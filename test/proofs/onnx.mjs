// ONNX's own test cases (PyPI onnx 1.22.0): each is refused with the reasons, or gives the expected values within the suite's
// tolerance. docs/onnx-cases.md lists those that pass, and all that it lists must; --write writes it, --reasons prints why others
// are refused.
// npm run proof -- onnx [PYTHON with pip] [--write] [--reasons]
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCase, tensorFrom } from '../helpers/onnxCase.mjs'

const VERSION = '1.22.0'
const PAGE = 'docs/onnx-cases.md'
const SUITES = {
  node: 'the operators',
  'pytorch-converted': 'networks of PyTorch',
  'pytorch-operator': "PyTorch's operators",
  light: 'whole networks for photographs',
}
const args = process.argv.slice(2)
const [python = process.env.HEBB_BENCH_PYTHON ?? 'python3'] = args.filter((one) => !one.startsWith('--'))
const folder = mkdtempSync(join(tmpdir(), 'hebb-onnx-'))

/** The cases of a suite. */
function* cases(place) {
  for (const name of readdirSync(place).sort()) {
    const own = join(place, name)
    const set = join(own, 'test_data_set_0')
    if (!existsSync(set)) continue
    const read = (kind) =>
      readdirSync(set)
        .filter((file) => file.startsWith(kind))
        .sort((a, b) => Number.parseInt(a.slice(kind.length), 10) - Number.parseInt(b.slice(kind.length), 10))
        .map((file) => readFileSync(join(set, file)))
    yield {
      name,
      model: readFileSync(join(own, 'model.onnx')),
      inputs: read('input_'),
      outputs: read('output_'),
    }
  }
}

/** Whole networks, whose weights are one number repeated and whose input counts up. */
function* lightCases(place) {
  for (const file of readdirSync(place).filter((name) => name.endsWith('.onnx'))) {
    const name = file.replace('.onnx', '')
    const outputs = [readFileSync(join(place, `${name}_output_0.pb`))]
    const data = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => i / (3 * 224 * 224))
    const inputs = [tensorFrom(data, [1, 3, 224, 224])]
    yield { name, model: readFileSync(join(place, file)), inputs, outputs, options: { maxNumbers: 2 ** 29 } }
  }
}

try {
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, `onnx==${VERSION}`]
  execFileSync(python, download, { stdio: ['ignore', 2, 2] })
  const [wheel] = readdirSync(folder)
  execFileSync(python, ['-m', 'zipfile', '-e', join(folder, wheel), folder])
  const results = {}
  for (const suite of Object.keys(SUITES)) {
    const result = { passes: [], refused: [], wrong: [] }
    for (const one of (suite === 'light' ? lightCases : cases)(
      join(folder, 'onnx/backend/test/data', suite),
    )) {
      const { passes, refused, wrong } = await runCase(one).catch((error) => ({ wrong: String(error.stack) }))
      if (passes) result.passes.push(one.name)
      else if (refused) result.refused.push([one.name, refused])
      else result.wrong.push([one.name, wrong])
    }
    results[suite] = result
    console.error(suite, result.passes.length, 'pass', result.refused.length, 'are refused', result.wrong)
    if (args.includes('--reasons')) for (const [name, why] of result.refused) console.error(name, why)
  }
  if (args.includes('--write')) write(results)
  const page = readFileSync(PAGE, 'utf8')
  const passes = Object.values(results).flatMap((result) => result.passes)
  const missing = [...page.matchAll(/`(\w+)`/g)].filter(
    ([, name]) => ![name, `test_${name}`].some((one) => passes.includes(one)),
  )
  if (missing.length > 0)
    console.error(
      'no longer pass:',
      missing.map(([, name]) => name),
    )
  const ok = missing.length === 0 && Object.values(results).every(({ wrong }) => wrong.length === 0)
  const counts = Object.entries(results).map(([suite, { passes, refused }]) => [
    suite,
    [passes.length, refused.length],
  ])
  console.log(JSON.stringify({ ok, version: VERSION, ...Object.fromEntries(counts) }))
  process.exitCode = ok ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}

function write(results) {
  const parts = Object.entries(results).map(([suite, { passes, refused }]) => {
    const all = passes.length + refused.length
    return `## ${suite}: ${SUITES[suite]}\n\n${passes.length} of ${all}:\n\n${passes.map((name) => `\`${name.replace(/^test_/, '')}\``).join(', ')}\n`
  })
  const head = `# ONNX's cases that pass\n\n[Contents](README.md) · [ONNX](onnx.md)\n\nOf the test cases of PyPI's onnx ${VERSION} these load and give the expected values (relative tolerance 10⁻³, absolute 10⁻⁷). All\nothers are refused, with the reasons. \`npm run proof -- onnx --write\` writes this page.\n`
  writeFileSync(PAGE, [head, ...parts].join('\n'))
}
