// Whole photographs as files of every kind: each stage from the file to a network's input has in Node and in Chromium the bits
// of Pillow and torchvision; in Chromium too if what is read from a canvas has noise.
// PYTHON=… npm run proof -- images (Python with scikit-image, Pillow and torchvision; default python3)
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { args, executablePath } from '../helpers/launch.ts'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, '..', '..', 'packages', 'hebb', 'dist')
const { doctor } = await import(join(dist, 'doctor.js'))
const folder = mkdtempSync(join(tmpdir(), 'hebb-photographs-'))
const browser = await chromium.launch({ executablePath, args })

/** `doctor` in a page, whose requests are answered with files: it needs no server. */
async function inPage() {
  const page = await browser.newPage()
  await page.route('**/*', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1)
    if (name === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' })
    return route.fulfill({ path: join(/\.(js|wasm)$/.test(name) ? dist : folder, name) })
  })
  await page.goto('http://localhost/')
  await page.evaluate(() => {
    const read = OffscreenCanvasRenderingContext2D.prototype.getImageData
    OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...place) {
      const image = read.apply(this, place)
      for (const i of image.data.keys()) image.data[i] ^= i & 1
      return image
    }
  })
  return (name, recipe) =>
    page.evaluate(
      async ([name, recipe]) => (await import('/doctor.js')).doctor(`/${name}`, recipe),
      [name, recipe],
    )
}

try {
  const options = { maxBuffer: 2 ** 28, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] }
  const python = process.env.PYTHON ?? 'python3'
  const cases = JSON.parse(execFileSync(python, [join(here, 'images.py'), folder], options))
  const places = {
    node: (name, recipe) => doctor(readFileSync(join(folder, name)), recipe),
    chromium: await inPage(),
  }
  const result = { files: new Set(cases.map(({ name }) => name)).size, tensors: cases.length, different: 0 }
  for (const { name, recipe, expected } of cases) {
    for (const [place, stages] of Object.entries(places)) {
      for (const { stage, sha256 } of await stages(name, recipe)) {
        if (sha256 === expected[stage]) continue
        result.different++
        console.error(`${place}: ${name}, ${stage} by ${JSON.stringify(recipe)}`)
      }
    }
  }
  console.log(JSON.stringify(result))
  process.exitCode = result.different ? 1 : 0
} finally {
  await browser.close()
  rmSync(folder, { recursive: true })
}
