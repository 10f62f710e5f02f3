// The weights that come with the package, on a page.
import { lenet5 } from 'hebb/zoo'
import { expect, test } from 'vitest'
import digits from '../fixtures/mnist/digits.json'

test.each(['original', 'modern'] as const)(
  'LeNet-5 (%s) reads digits with its own weights',
  async (variant) => {
    const asked: string[] = []
    const { fetch } = globalThis
    globalThis.fetch = (place, options) => {
      asked.push(String(place instanceof Request ? place.url : place))
      return fetch(place, options)
    }
    try {
      const net = await lenet5({ variant, weights: 'mnist' })
      for (const { digit, pixels } of digits) {
        const data = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0))
        const [best] = await net.classify({ data, shape: [1, 28, 28] })
        expect(best!.label).toBe(String(digit))
      }
    } finally {
      globalThis.fetch = fetch
    }
    // No other server is asked.
    for (const place of asked) expect(new URL(place).origin).toBe(location.origin)
    expect(asked.some((place) => place.includes(`lenet5-${variant}-mnist.safetensors`))).toBe(true)
  },
)
