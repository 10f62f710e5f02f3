// AlexNet (Krizhevsky, Sutskever and Hinton 2012), the paper's and torchvision's: their layers, what they cost, and what one of
// them says of a photograph. --weights FILE or URL (with --sha256 a URL is fetched once) are the weights, --image FILE another
// photograph. Without weights the answer is arbitrary: no trained weights come with Hebb, see docs/alexnet.md.
import { parseArgs } from 'node:util'
import { alexnet, classifyImage } from 'hebb/zoo'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    variant: { type: 'string', default: 'torchvision' },
    weights: { type: 'string' },
    sha256: { type: 'string' },
    image: { type: 'string' },
  },
})
const say = (text: string) => process.stderr.write(`${text}\n`)
const { variant, weights, sha256 } = values

const sizes = await Promise.all(
  (['original', 'torchvision'] as const).map(async (variant) => {
    const net = await alexnet({ variant })
    say(`\n${variant}\n${net.summary()}`)
    net.dispose()
    return [net.parameters, net.multiplyAdds] as const
  }),
)
const [original, torchvision] = sizes as [(typeof sizes)[0], (typeof sizes)[0]]

const loading = weights ? { weights, progress: true, ...(sha256 && { sha256 }) } : {}
const net = await alexnet({ variant: variant as 'torchvision', ...loading })
const image = values.image ?? new URL('../data/chelsea.jpg', import.meta.url)
const top5 = await classifyImage(net, image, { top: 5 })
if (!weights) say('\nThe weights are random, and so is the answer: give --weights FILE')
const result = {
  parameters: { original: original[0], torchvision: torchvision[0] },
  macs: { original: original[1], torchvision: torchvision[1] },
  trained: weights !== undefined,
  top5: top5.map(({ label, probability }) => ({ label, probability })),
}
if (values.json) console.log(JSON.stringify(result))
else
  for (const { label, probability } of top5)
    console.log(`${(100 * probability).toFixed(2).padStart(6)} %  ${label}`)
