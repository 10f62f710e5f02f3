// Networks of PyTorch, written by both of its exporters, against what PyTorch computes: which load, and why the others do not.
// npm run proof -- pytorch [PYTHON with torch, torchvision, onnx and onnxscript]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pytorchCase } from '../helpers/pytorchCase.mjs'

/** Those with what Hebb has no layer for. */
const REFUSED = ['weighted steps', 'layer norm', 'decoder of images', 'shufflenet_v2_x0_5']

const folder = mkdtempSync(join(tmpdir(), 'hebb-pytorch-'))
try {
  const script = new URL('../fixtures/onnx/pytorch.py', import.meta.url).pathname
  const python = process.argv[2] ?? process.env.HEBB_BENCH_PYTHON ?? 'python3'
  execFileSync(python, [script, folder], { stdio: ['ignore', 'ignore', 'ignore'] })
  const cases = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  const loaded = []
  const wrong = []
  let most = 0
  for (const [at, { name, ...values }] of cases.entries()) {
    const model = readFileSync(join(folder, `${at}.onnx`))
    try {
      const { net, difference } = await pytorchCase({ model, ...values })
      net.dispose()
      most = Math.max(most, difference)
      loaded.push(name)
      console.log(`${name}: ${difference.toExponential(1)}`)
      if (!(difference < 1e-4)) wrong.push(name)
    } catch (error) {
      console.log(`${name}: ${error.message}`)
      if (error.code !== 'file' || !REFUSED.some((one) => name.startsWith(`${one},`))) wrong.push(name)
    }
  }
  const ok = wrong.length === 0
  console.log(
    JSON.stringify({ ok, files: cases.length, loaded: loaded.length, largestDifference: most, wrong }),
  )
  process.exitCode = ok ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}
