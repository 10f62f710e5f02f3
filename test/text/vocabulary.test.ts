import { characters, vocabulary, words } from 'hebb/text'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

test('characters by their code, the unknown one first', () => {
  const letters = characters('hello 𝄞')
  expect(letters.tokens).toEqual(['\ufffd', ' ', 'e', 'h', 'l', 'o', '𝄞'])
  expect(letters.size).toBe(7)
  expect(Array.from(letters.encode('hole𝄞x'))).toEqual([3, 5, 4, 2, 6, 0])
  expect(letters.decode(letters.encode('hello 𝄞'))).toBe('hello 𝄞')
  expect(letters.decode([3, 0])).toBe('h\ufffd')
  expect(characters('aabbc', { minimumCount: 2 }).tokens.slice(1)).toEqual(['a', 'b'])
})

test('words, numbers and signs, the most frequent first', () => {
  const text = `It's well-known: 3,000.5 is "a" a number — isn't it? It's (a) word…`
  const list = words(text)
  expect(list.tokens.slice(0, 3)).toEqual(['<unknown>', 'a', '"'])
  expect(new Set(list.tokens).size).toBe(list.size)
  for (const word of ["It's", 'well-known', '3,000.5', "isn't", '—', '…', '(', '?']) {
    expect(list.tokens).toContain(word)
  }
  expect(Array.from(list.encode('a zebra'))).toEqual([1, 0])
  expect(words(text, { size: 4 }).tokens).toEqual(['<unknown>', 'a', '"', "It's"])
  expect(words(text, { minimumCount: 3 }).tokens).toEqual(['<unknown>', 'a'])
  expect(words('Ärger ärger', {}).tokens).toEqual(['<unknown>', 'Ärger', 'ärger'])
})

test('words are joined as punctuation allows', () => {
  const list = words("(It's) a fact, isn't it? well-known 3.5 “so” .")
  const text = "(It's) a fact, isn't it? “so” well-known 3.5."
  expect(list.decode(list.encode(text))).toBe(text)
  expect(list.decode([])).toBe('')
})

test('is saved as JSON', () => {
  for (const made of [characters('abc'), words('a b c')]) {
    const restored = vocabulary(JSON.parse(JSON.stringify(made)))
    expect(restored.tokens).toEqual(made.tokens)
    expect(restored.kind).toBe(made.kind)
    expect(restored.encode('c d')).toEqual(made.encode('c d'))
  }
})

test('what is no text or no vocabulary is refused', async () => {
  await refused('data', 'characters: the text has no characters', async () => characters(''))
  await refused('data', 'words: the text has no words', async () => words(' \n'))
  await refused('data', 'no token occurs 2 times', async () => words('a b', { minimumCount: 2 }))
  await refused('option', 'characters takes a text, got 5', async () => characters(5 as never))
  await refused('option', 'encode takes a text', async () => characters('a').encode(undefined as never))
  await refused('option', 'size must be', async () => words('a b', { size: 1 }))
  await refused('data', 'decode: token 1 is 9: tokens are 0 to 1', async () => characters('a').decode([1, 9]))
  await refused('data', 'decode: token 0 is 0.5', async () => characters('a').decode([0.5]))
  for (const wrong of [
    null,
    {},
    { kind: 'letters', tokens: ['\ufffd'] },
    { kind: 'words', tokens: ['a'] },
    { kind: 'words', tokens: ['<unknown>', 'a', 'a'] },
    { kind: 'words', tokens: ['<unknown>', 5] },
  ]) {
    await refused('option', 'vocabulary: ', async () => vocabulary(wrong))
  }
})
