// Invalid values in the functions of text, in those of the zoo, and in withSteps.
import { dense, embedding, gru, network, withSteps } from 'hebb'
import * as text from 'hebb/text'
import * as zoo from 'hebb/zoo'
import { describe, expect, test } from 'vitest'
import { torment } from './values'

const list = text.words('a b c d')
const tokens = [1, 2, 3, 4, 0, 1, 2]
const made = () =>
  network(
    [3],
    [embedding({ units: 2, vocabulary: 5 }), gru({ units: 2, returns: 'all' }), dense({ units: 5 })],
  )

describe('text', () => {
  test('vocabularies', async () => {
    await torment('characters', (value) => text.characters(value))
    await torment('characters options', (value) => text.characters('a', value))
    await torment('characters.minimumCount', (value) => text.characters('a', { minimumCount: value }))
    await torment('words', (value) => text.words(value))
    await torment('words options', (value) => text.words('a b', value))
    await torment('words.size', (value) => text.words('a b', { size: value }))
    await torment('words.minimumCount', (value) => text.words('a b', { minimumCount: value }))
    await torment('vocabulary', (value) => text.vocabulary(value))
    await torment('vocabulary.kind', (value) => text.vocabulary({ kind: value, tokens: ['<unknown>'] }))
    await torment('vocabulary.tokens', (value) => text.vocabulary({ kind: 'words', tokens: value }))
    await torment('encode', (value) => list.encode(value))
    await torment('decode', (value) => list.decode(value))
  })

  test('windows and buckets', async () => {
    await torment('tokenWindows', (value) => text.tokenWindows(value, { steps: 1 }))
    await torment('tokenWindows options', (value) => text.tokenWindows(tokens, value))
    await torment('tokenWindows.steps', (value) => text.tokenWindows(tokens, { steps: value }))
    await torment('tokenWindows.every', (value) => text.tokenWindows(tokens, { steps: 2, every: value }))
    await torment('tokenWindows.targets', (value) => text.tokenWindows(tokens, { steps: 2, targets: value }))
    await torment('bucket', (value) => text.bucket(value, [8]))
    await torment('bucket [sequence]', (value) => text.bucket([value], [8]))
    await torment('bucket sizes', (value) => text.bucket([[1]], value))
    await torment('bucket [size]', (value) => text.bucket([[1]], [value]))
  })

  test('the trigram model', async () => {
    await torment('trigram', (value) => text.trigram(value, 5))
    await torment('trigram vocabulary', (value) => text.trigram([0, 0, 0], value))
    const model = text.trigram(tokens, 5)
    await torment('probability before', (value) => model.probability(value, 1))
    await torment('probability token', (value) => model.probability([1], value))
    await torment('probabilities', (value) => model.probabilities(value))
    await torment('trigram perplexity', (value) => model.perplexity(value))
  })

  test('models of networks', async () => {
    const net = await made()
    await torment('perplexity network', (value) => text.perplexity(value, tokens))
    await torment('perplexity', (value) => text.perplexity(net, value))
    await torment('predictNext network', (value) => text.predictNext(value, [1]))
    await torment('predictNext', (value) => text.predictNext(net, value))
    await torment('predictNext options', (value) => text.predictNext(net, [1], value))
    await torment('predictNext.vocabulary', (value) => text.predictNext(net, [1], { vocabulary: value }))
    await torment('predictNext.top', (value) => text.predictNext(net, [1], { top: value }))
  })

  test('generate', async () => {
    const net = await made()
    const first = async (net: never, options: never) => {
      for await (const _ of text.generate(net, options)) return
    }
    const usual = { prompt: [1] }
    await torment('generate network', (value) => first(value, usual as never))
    await torment('generate options', (value) => first(net as never, value))
    for (const option of ['prompt', 'vocabulary', 'length', 'temperature', 'topK', 'state', 'seed']) {
      await torment(`generate.${option}`, (value) =>
        first(net as never, { ...usual, [option]: value } as never),
      )
    }
  })

  test('withSteps and the zoo', async () => {
    const net = await made()
    await torment('withSteps network', (value) => withSteps(value, 2))
    await torment('withSteps', (value) => withSteps(net, value))
    for (const option of ['vocabulary', 'steps', 'units', 'layers', 'cell', 'embedding', 'seed']) {
      const usual = { vocabulary: 3, steps: 2, units: 2, layers: 1 }
      await torment(`charRnn.${option}`, (value) => zoo.charRnn({ ...usual, [option]: value } as never))
    }
    for (const option of ['inputs', 'units', 'outputs', 'steps', 'activation', 'seed']) {
      const usual = { inputs: 1, units: 1, outputs: 1, steps: 1 }
      await torment(`elman.${option}`, (value) => zoo.elman({ ...usual, [option]: value } as never))
    }
    // Not its sizes: each network that is accepted has 57 million weights.
    await torment('alexnet.variant', (value) => zoo.alexnet({ units: 2, variant: value } as never))
    for (const option of ['variant', 'weights', 'seed'])
      await torment(`lenet5.${option}`, (value) => zoo.lenet5({ [option]: value } as never))
    await torment('lenet5', (value) => zoo.lenet5(value))
    await torment('charRnn', (value) => zoo.charRnn(value))
    await torment('elman', (value) => zoo.elman(value))
    const flat = await network([2], [dense({ units: 2 }), dense({ units: 2 })])
    const head = [dense({ units: 1, name: 'head' })]
    await torment('withHead', (value) => zoo.withHead(value, head))
    await torment('withHead.head', (value) => zoo.withHead(flat, value))
    for (const option of ['after', 'seed', 'classes'])
      await torment(`withHead.${option}`, (value) => zoo.withHead(flat, head, { [option]: value } as never))
    await torment('withHead options', (value) => zoo.withHead(flat, head, value))
  })

  test('every function is here', () => {
    const own = ['bucket', 'characters', 'generate', 'perplexity', 'predictNext', 'tokenWindows', 'trigram']
    expect(Object.keys(text).sort()).toEqual([...own, 'vocabulary', 'words'])
    expect(Object.keys(zoo).sort()).toEqual([
      'alexnet',
      'charRnn',
      'classifyImage',
      'elman',
      'imagenetClasses',
      'lenet5',
      'withHead',
    ])
  })
})
