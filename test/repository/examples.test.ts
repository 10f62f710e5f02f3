// The examples print their results and draw the figures of docs.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test as single } from 'vitest'
import { root } from '../helpers/root'

/** Two programs at a time: each has parts that run on one core. */
const test = single.concurrent

const folder = mkdtempSync(join(tmpdir(), 'hebb-figures-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The output of an example. */
async function run(name: string, ...args: string[]) {
  const file = join(root, 'packages', 'examples', name, 'main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [file, '--json', ...args], {
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout)
}
/** The output of an example; checks that its figures equal those of docs/figures. */
async function figures(name: string, ...args: string[]) {
  const drawn = join(folder, name)
  const printed = await run(name, '--svg', drawn, ...args)
  for (const figure of readdirSync(drawn)) {
    const [is, was] = [drawn, join(root, 'docs', 'figures')].map((place) =>
      readFileSync(join(place, figure), 'utf8'),
    ) as [string, string]
    const number = /-?\d+(\.\d+)?/g
    expect(is.replace(number, '#'), figure).toBe(was.replace(number, '#'))
    // simd128 and relaxed-simd may differ in the last bit, which may be a tenth of a pixel.
    const [numbers, others] = [is, was].map((text) => text.match(number)!.map(Number)) as [number[], number[]]
    expect(
      numbers.filter((value, i) => Math.abs(value - others[i]!) > 0.15),
      figure,
    ).toEqual([])
  }
  return printed
}

test('01-logic-gates', async () => {
  const { functions, xor, gates } = await figures('01-logic-gates')
  expect([functions, xor.oneNeuron, xor.perceptron]).toEqual([14, false, 'cycle'])
  expect([xor.twoLayers, gates.nand.table]).toEqual([
    [0, 1, 1, 0],
    [1, 1, 1, 0],
  ])
})

test('02-perceptron', async () => {
  const { setosa, versicolorVirginica, xor, mnist } = await figures('02-perceptron')
  expect(setosa.converged).toBe(true)
  expect(setosa.updates).toBeLessThanOrEqual(setosa.bound)
  expect([versicolorVirginica.pocket.converged, versicolorVirginica.pocket.accuracy]).toEqual([false, 0.99])
  expect([xor.converged, xor.pocketAccuracy]).toEqual([false, 0.75])
  expect(mnist.testAccuracy).toBeGreaterThan(0.88)
})

test('03-linear-regression', async () => {
  const { slope, intercept, closedForm, longleyMaxRelativeError } = await figures('03-linear-regression')
  expect(Math.abs(slope / closedForm.slope - 1)).toBeLessThan(1e-6)
  expect(Math.abs(intercept / closedForm.intercept - 1)).toBeLessThan(1e-6)
  expect(longleyMaxRelativeError).toBeLessThan(1e-6)
})

test('04-xor-mlp', { timeout: 240_000 }, async () => {
  const { solved, of, medianEpochs, failures } = await figures('04-xor-mlp')
  expect(of).toBe(100)
  expect(solved).toBeGreaterThanOrEqual(95)
  expect(medianEpochs).toBeLessThan(20_000)
  expect(failures).toHaveLength(of - solved)
  for (const { cause, warning, y } of failures) {
    const plateau = y.every((value: number) => Math.abs(value - 0.5) < 0.1)
    // No minimum, not even a local one: the warning says that the gradient is not small.
    expect(cause).toContain(plateau ? 'plateau' : 'valley')
    if (plateau) expect(warning).toContain('not a point of convergence')
  }
})

test('09-hopfield-continuous', { timeout: 240_000 }, async () => {
  const { classic, cities30, cities50, assignment, converter, ...cities10 } = await figures(
    '09-hopfield-continuous',
    '--seeds',
    '10',
  )
  for (const { valid, of } of [cities10, cities30, cities50]) expect([valid, of]).toEqual([10, 10])
  expect(cities10.meanLengthRatio).toBeLessThanOrEqual(1.03)
  expect(cities30.meanLengthRatio).toBeLessThanOrEqual(1.05)
  // Ten sets of cities scatter more than a hundred.
  expect(cities50.meanLengthRatio).toBeLessThanOrEqual(1.06)
  expect(classic.valid).toBeLessThan(5)
  expect(assignment.subspace).toBeCloseTo(assignment.optimum, 9)
  expect(converter.largestError).toBeLessThanOrEqual(2)
})

test('05-training-strategies', { timeout: 240_000 }, async () => {
  const { strategies } = await figures('05-training-strategies')
  expect(strategies).toHaveLength(10)
  const [descent] = strategies
  for (const strategy of strategies) {
    const { name, trainLoss, selectionLoss, testLoss, epochs, gradientEvaluations, asLowAsDescent } = strategy
    for (const loss of [trainLoss, selectionLoss, testLoss])
      expect([name, loss > 0 && loss < 1]).toEqual([name, true])
    expect(gradientEvaluations).toBeGreaterThanOrEqual(epochs)
    if (!/BFGS|Levenberg/.test(name)) continue
    expect(trainLoss).toBeLessThanOrEqual(descent.trainLoss)
    expect(asLowAsDescent.epochs).toBeLessThanOrEqual(descent.epochs / 20)
    expect(asLowAsDescent.gradients).toBeLessThanOrEqual(descent.gradientEvaluations / 5)
  }
})

test('06-activations', async () => {
  const { activations, refused, gradientNorms, dead, collapse } = await figures('06-activations')
  expect(activations).toHaveLength(17)
  for (const { name, finiteAt100, bound, steepest } of activations) {
    expect([name, finiteAt100]).toEqual([name, true])
    // No measured slope is above the bound, and one is close to it if the largest f′ lies near 0.
    expect(steepest).toBeLessThanOrEqual(bound * (1 + 1e-6))
    if (bound > 0) expect(steepest / bound).toBeGreaterThan(0.94)
  }
  expect(refused).toContain('cannot be trained through')
  // Each sigmoid shrinks the gradient on its way back; SELU does not.
  expect(gradientNorms.sigmoid[0]).toBeLessThan(gradientNorms.sigmoid[7] / 1000)
  expect(gradientNorms.selu[0]).toBeGreaterThan(gradientNorms.selu[7] / 10)
  // None of the dead ReLUs recovered, and little is left of the network; leaky units keep learning.
  expect([dead.relu.silent[0], dead.leakyRelu.silent[0]]).toEqual([0, 0])
  expect(dead.relu.silent[1]).toBeGreaterThan(16)
  expect(dead.relu.silent[2]).toBeGreaterThanOrEqual(dead.relu.silent[1])
  expect(dead.relu.loss).toBeGreaterThan(2 * dead.leakyRelu.loss)
  expect(collapse.difference).toBeLessThan(1e-5)
})

test('spirals', async () => {
  expect(await figures('spirals')).toEqual({ accuracy: 1, frames: 11 })
})

test('dropout, with few images', async () => {
  const few = ['--images', '300', '--seeds', '2', '--epochs', '30', '--units', '256']
  const { 'dropout 0': without, 'dropout 0.5': dropped } = await run('dropout', ...few)
  expect([without.length, dropped.length]).toEqual([2, 2])
  for (const [i, { trainAccuracy, testAccuracy, lossGap }] of without.entries()) {
    expect([trainAccuracy, testAccuracy > 0.75]).toEqual([1, true])
    expect(dropped[i].trainAccuracy).toBeGreaterThan(0.95)
    expect(dropped[i].lossGap).toBeLessThan(lossGap - 0.02)
    expect(dropped[i].lossGap).toBeCloseTo(dropped[i].testLoss - dropped[i].trainLoss, 12)
  }
})

test('mlp, with few images', async () => {
  const result = await run('mlp', '--images', '6000', '--epochs', '2')
  expect(result).toMatchObject({ epochs: 2, seed: 1, parameters: 535_818 })
  expect(result.testAccuracy).toBeGreaterThan(0.9)
  expect(result.samplesPerSecond).toBeGreaterThan(0)
})

test('07-rbf', async () => {
  const { kernels, curve, best, narrow, spiral, fineTuning } = await figures('07-rbf', '--images', '2000')
  expect([kernels.line, kernels.plane, kernels.moons]).toEqual([false, true, true])
  expect(kernels.difference).toBeLessThan(1e-12)
  expect(kernels.support).toBeLessThan(20)
  expect(kernels.narrow.own).toBeLessThan(0.01)
  expect(kernels.narrow.other).toBeGreaterThan(3 * kernels.rmse)
  expect(kernels.sigma).toBeGreaterThan(0.3)
  expect(curve.rmse).toBeLessThan(1.15 * curve.noise)
  // What fits the samples best does not fit others.
  expect(narrow.fitted).toBeLessThan(0.01 * best.fitted)
  expect(narrow.selection).toBeGreaterThan(3 * best.selection)
  expect(spiral.accuracy).toBeGreaterThan(0.97)
  expect(fineTuning.after).toBeLessThan(fineTuning.before)
})

test('08-hopfield', async () => {
  // Random patterns take minutes; test/classic/hopfield.test.ts has small ones.
  const { recalled, capacity } = await figures('08-hopfield', '--largest', '0')
  expect(recalled.pseudoInverse).toEqual({ noise: 10, half: 10 })
  expect(recalled.hebb.noise).toBeLessThan(10)
  expect(Object.keys(capacity)).toEqual(['pseudoInverse', 'flow', 'dense3'])
})

test('10-rnn', { timeout: 240_000 }, async () => {
  const { difference, sunspots, addingMse, elmanMse, copying, bitsPerChar, pytorchBitsPerChar } =
    await figures('10-rnn', '--seeds', '3')
  expect(difference).toBeLessThan(1e-6)
  // On years that nothing was chosen by, every seed is better than the autoregression.
  expect([sunspots.persistence, sunspots.ar9].map((error) => error.toFixed(2))).toEqual(['30.35', '16.95'])
  expect(Math.max(...sunspots.seeds)).toBeLessThan(sunspots.ar9)
  expect(sunspots.rmse).toBeLessThan(0.9 * sunspots.ar9)
  expect(addingMse).toBeLessThan(0.01)
  expect(elmanMse).toBeGreaterThan(10 * addingMse)
  expect(copying.loss).toBeLessThan(copying.guessing / 10)
  expect(Math.abs(bitsPerChar / pytorchBitsPerChar - 1)).toBeLessThan(0.02)
})

test('lecun-table, with few images', async () => {
  const { rows } = await run('lecun-table', '--images', '6000', '--epochs', '3', '--centers', '300')
  expect(rows.map(({ name, published }: Record<string, never>) => [name, published])).toEqual([
    ['linear classifier', 0.12],
    ['784-300-10 multilayer perceptron', 0.047],
    ['1000 RBF + linear', 0.036],
    ['LeNet-5', 0.0095],
    ['Nyström kernel machine', null],
  ])
  expect(rows[0].error).toBeLessThan(0.15)
  expect(rows[1].error).toBeLessThan(0.1)
  expect(rows[2].error).toBeLessThan(0.1)
  expect(rows[3].error).toBeLessThan(0.12)
  expect(rows[4].error).toBeLessThan(0.07)
})

test.each(['original', 'modern'])('lenet-weights, %s, with few images', async (variant) => {
  const options = ['--variant', variant, '--images', '3000', '--epochs', '2', '--out', folder]
  const { testAccuracy, bestEpoch, sha256 } = await run('lenet-weights', ...options)
  expect(testAccuracy).toBeGreaterThan(0.7)
  expect([1, 2]).toContain(bestEpoch)
  const bytes = readFileSync(join(folder, `lenet5-${variant}-mnist.safetensors`))
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
})

test('shakespeare, with another text', async () => {
  const text = join(folder, 'text.txt')
  writeFileSync(
    text,
    'What a piece of work is a man! How noble in reason, how infinite in faculty! '.repeat(200),
  )
  const { bits, baseline, steps, written } = await run(
    'shakespeare',
    '--text',
    text,
    '--units',
    '32',
    '--epochs',
    '20',
  )
  // 13,860 of 15,400 characters are 216 windows of 64.
  expect(steps).toBe(20 * 7)
  expect(baseline).toBeLessThan(1)
  expect(bits).toBeLessThan(2)
  expect(written).toHaveLength(400)
})

test('12-alexnet', async () => {
  const { parameters, macs, trained, top5 } = await run('12-alexnet')
  expect(parameters).toEqual({ original: 60_965_224, torchvision: 61_100_840 })
  expect(macs).toEqual({ original: 724_406_816, torchvision: 714_188_480 })
  expect([trained, top5.length]).toEqual([false, 5])
})
