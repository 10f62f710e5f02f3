// npm run doctor -- IMAGE [RECIPE]: the checksum of each stage of an image's way into a network, by a recipe of
// datasets.preprocessing as JSON (default: ImageNet's). python scripts/doctor.py prints the same of Pillow and torchvision.
import { build } from './build.mjs'
import { fail } from './shell.mjs'

const IMAGENET = { resize: 256, crop: 224, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }

const [image, recipe] = process.argv.slice(2)
if (!image) fail('name an image: npm run doctor -- IMAGE [\'{ "resize": 256, "crop": 224 }\']')
await build()
const { doctor } = await import('../packages/hebb/dist/doctor.js')
try {
  for (const { stage, shape, sha256 } of await doctor(image, recipe ? JSON.parse(recipe) : IMAGENET))
    console.log(`${stage.padEnd(8)} ${sha256} [${shape.join(', ')}]`)
} catch (error) {
  fail(error.message)
}
