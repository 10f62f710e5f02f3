// AlexNet's weights in files of torchvision's names and shapes, written by PyTorch as f32, f16 and bf16: loaded from the disk
// and from a server, with the time, the most memory, and the outputs against PyTorch's for the photographs of the fixtures.
// npm run proof -- alexnet [PYTHON with torch, torchvision and safetensors]
import { execFileSync, fork } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const PYTHON = `
import sys, gzip, numpy as np, torch
from safetensors.torch import save_file
from torchvision.models import alexnet
folder, photographs = sys.argv[1:]
torch.manual_seed(1)
model = alexnet(weights=None).eval()
x = np.frombuffer(gzip.open(photographs).read()[20:], np.uint8).reshape(2, 3, 227, 227)[:, :, :224, :224]
x = torch.from_numpy((x / 255 - 0.5).astype(np.float32))
for name, kind in dict(f32=torch.float32, f16=torch.float16, bf16=torch.bfloat16).items():
    weights = {key: value.to(kind) for key, value in model.state_dict().items()}
    save_file(weights, f'{folder}/{name}.safetensors')
    rounded = alexnet(weights=None).eval().double()
    rounded.load_state_dict({key: value.double() for key, value in weights.items()})
    with torch.inference_mode():
        rounded(x.double()).softmax(1).float().numpy().tofile(f'{folder}/{name}.out')
`

const here = dirname(fileURLToPath(import.meta.url))
const photographs = join(here, '..', 'fixtures', 'alexnet', 'photographs.idx.gz')

/** Loads one file in a process of its own, whose memory is then known. */
async function load(source, folder, kind) {
  const { alexnet } = await import('hebb/zoo')
  const { init, memory } = await import('hebb')
  await init({ threads: 2 })
  const from = performance.now()
  const net = await alexnet({ weights: source })
  const seconds = (performance.now() - from) / 1000
  const loaded = {
    seconds,
    megabytes: process.resourceUsage().maxRSS / 1000,
    wasm: (await memory()).wasm / 1e6,
  }
  const idx = gunzipSync(readFileSync(photographs)).subarray(20)
  const x = new Float32Array(2 * 3 * 224 * 224)
  for (let i = 0; i < x.length; i++) {
    const [plane, row, column] = [Math.floor(i / 224 ** 2), Math.floor(i / 224) % 224, i % 224]
    x[i] = idx[(plane * 227 + row) * 227 + column] / 255 - 0.5
  }
  const { data } = await net.predict({ data: x, shape: [2, 3, 224, 224] })
  const bytes = readFileSync(join(folder, `${kind}.out`))
  const expected = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const largest = Math.max(...expected)
  const error = Math.max(...data.map((value, i) => Math.abs(value - expected[i]))) / largest
  process.send({ ...loaded, error })
}

if (process.argv[2] === '--load') {
  await load(...process.argv.slice(3))
  process.exit(0)
}

const [python = process.env.HEBB_BENCH_PYTHON ?? 'python3'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'hebb-alexnet-'))
const server = createServer((request, response) => {
  const file = join(folder, request.url)
  response.writeHead(200, { 'content-length': statSync(file).size })
  createReadStream(file).pipe(response)
})
try {
  execFileSync(python, ['-c', PYTHON, folder, photographs], { stdio: ['ignore', 2, 2] })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const results = []
  for (const kind of ['f32', 'f16', 'bf16']) {
    const places = { disk: join(folder, `${kind}.safetensors`) }
    if (kind === 'f32') places.server = `http://127.0.0.1:${server.address().port}/f32.safetensors`
    for (const [place, source] of Object.entries(places)) {
      const child = fork(fileURLToPath(import.meta.url), ['--load', source, folder, kind])
      const answer = await new Promise((resolve) => {
        child.once('message', resolve)
        child.once('exit', () => resolve(undefined))
      })
      const file = statSync(join(folder, `${kind}.safetensors`)).size / 1e6
      results.push({ kind, place, file, ...answer })
      console.error(results.at(-1))
    }
  }
  const ok = results.length === 4 && results.every(({ error }) => error < 1e-4)
  console.log(JSON.stringify({ ok, results }))
  process.exitCode = ok ? 0 : 1
} finally {
  server.close()
  rmSync(folder, { recursive: true })
}
