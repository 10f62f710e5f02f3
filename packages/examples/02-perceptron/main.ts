// Rosenblatt's perceptron (1958) learns from its mistakes: irises that a line separates, irises that no line separates, and
// handwritten digits, because it was meant as a machine that recognises images.
import { parseArgs } from 'node:util'
import { datasets, type Perceptron, perceptron } from 'hebb'
import { chart, pictures } from 'hebb/plot'
import { readCsv } from '../csv.ts'
import { curve, writeSvg } from '../figures.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    svg: { type: 'string' },
    images: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
})
const say = (text: string) => values.json || console.log(text)
const percent = (part: number) => `${(100 * part).toFixed(1)} %`
const seed = Number(values.seed)

const iris = readCsv('iris.csv')
const sizes = ['sepalLength', 'sepalWidth', 'petalLength', 'petalWidth']
const features = (rows: typeof iris, names = sizes) =>
  rows.map((row) => names.map((name) => Number(row[name])))
const figures = ({ converged, reason, updates, bound, accuracy }: Perceptron) => ({
  converged,
  reason,
  updates,
  bound: bound ?? null,
  accuracy,
})

// Setosa against the rest, with two features, so that the line can be plotted.
const petals = features(iris, ['petalLength', 'petalWidth'])
const isSetosa = iris.map(({ species }) => (species === 'setosa' ? 1 : 0))
const setosa = await perceptron({ inputs: 2 }).fit(petals, isSetosa)
const [a, b] = setosa.weights as unknown as [number, number]
const points = (species: string) =>
  petals.filter((_, i) => iris[i]!.species === species) as [number, number][]
const parted = chart(
  [
    {
      points: curve((x) => -(a * x + setosa.bias) / b, [0.5, 7]),
      mark: '·',
      name: 'w·x + b = 0',
      line: true,
    },
    { points: points('virginica'), mark: 'v', name: 'virginica' },
    { points: points('versicolor'), mark: 'c', name: 'versicolor' },
    { points: points('setosa'), mark: 's', name: 'setosa' },
  ],
  {
    x: [0.5, 7],
    y: [0, 2.6],
    title: 'petal width over petal length, cm, and the line that the perceptron found',
  },
)
say(parted.toText())
await writeSvg(values.svg, 'perceptron-iris', parted)
say(`
Setosa against the rest: converged after ${setosa.updates} updates in ${setosa.units[0]!.mistakes.length} epochs.
Novikoff: from any order no more than (R/γ)² = ${setosa.bound!.toFixed(1)}, with a margin γ of ${setosa.units[0]!.margin!.toFixed(3)}.
`)

// Versicolor and virginica overlap.
const pair = iris.filter(({ species }) => species !== 'setosa')
const isVirginica = pair.map(({ species }) => (species === 'virginica' ? 1 : 0))
const overlapping: Record<string, ReturnType<typeof figures>> = {}
say('Versicolor against virginica, which no line separates:')
for (const variant of ['last', 'pocket', 'averaged'] as const) {
  const p = await perceptron({ inputs: 4 }).fit(features(pair), isVirginica, { variant, seed })
  overlapping[variant] = figures(p)
  const ending = p.converged ? 'converged' : `not converged (${p.reason}) after ${p.updates} updates`
  say(`  ${variant.padEnd(9)} ${ending}; ${percent(p.accuracy)} right`)
}

const gate = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const xor = await perceptron({ inputs: 2 }).fit(gate, [0, 1, 1, 0])
const pocket = await perceptron({ inputs: 2 }).fit(gate, [0, 1, 1, 0], { variant: 'pocket', seed })
say(`XOR: not converged (${xor.reason}: the weights repeat, so no line separates the classes); the pocket has ${percent(pocket.accuracy)} right.
`)

// All three species, one against the rest.
const names = ['setosa', 'versicolor', 'virginica']
const species = iris.map((row) => names.indexOf(row.species!))
const three = await perceptron({ inputs: 4, classes: 3 }).fit(features(iris), species, {
  variant: 'pocket',
  seed,
})
say(`Three species, one unit each: ${percent(three.accuracy)} right`)
for (const [k, unit] of three.units.entries()) {
  say(
    `  ${names[k]!.padEnd(10)} ${unit.converged ? 'converged' : 'not converged'} after ${unit.updates} updates`,
  )
}

// The machine that recognises images: ten units with 784 inputs each.
const { train, test } = await datasets.mnist()
const part = await train.subset(Array.from({ length: Number(values.images) }, (_, i) => i))
const digits = perceptron({ inputs: 784, classes: 10 })
await digits.fit(part, { variant: 'averaged', epochs: 10, seed, history: 0 })
const { accuracy: testAccuracy } = await digits.evaluate(test)

say(`
${part.samples} digits of MNIST, ten units, averaged: ${percent(digits.accuracy)} of them right, ${percent(testAccuracy)} of ${test.samples} others.
What the units look for, 0 to 9:`)
const weightPictures = pictures(
  digits.units.map(({ weights }) => ({ data: weights, width: 28 })),
  { title: 'The weights of ten perceptrons: orange speaks for the digit, blue against it' },
)
say(weightPictures.toText())
await writeSvg(values.svg, 'perceptron-digits', weightPictures)

if (values.json) {
  console.log(
    JSON.stringify({
      setosa: { ...figures(setosa), margin: setosa.units[0]!.margin },
      versicolorVirginica: overlapping,
      xor: { ...figures(xor), pocketAccuracy: pocket.accuracy },
      iris: { accuracy: three.accuracy, converged: three.units.map(({ converged }) => converged) },
      mnist: { images: part.samples, trainAccuracy: digits.accuracy, testAccuracy },
    }),
  )
}
