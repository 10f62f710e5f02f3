// The program of the page: the drawing as text, and what LeNet-5 reads in it.
import { computed } from '@preact/signals'
import { PIXELS, SIDE } from './digits'
import { chosen, image, strokes } from './state'

export const program = computed(() => {
  const rows = Array.from({ length: SIDE }, (_, row) => {
    const line = Array.from(image.value.subarray(row * SIDE, (row + 1) * SIDE), (value) =>
      value === 0 ? '..' : value.toString(16).padStart(2, '0'),
    )
    return line.join('')
  })
  return `import { lenet5 } from 'hebb/zoo'

// The digit as 28 × 28 bytes in hexadecimal: .. is paper, ff is ink.
const text = \`
${rows.join('\n')}
\`
export const image = Uint8Array.from(text.match(/[.0-9a-f]{2}/g), (byte) =>
  byte === '..' ? 0 : Number.parseInt(byte, 16),
)

const net = await lenet5({ weights: 'mnist' })
const { data } = await net.predict({ data: image, shape: [1, 28, 28] })
const order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].sort((a, b) => data[b] - data[a])
for (const digit of order.slice(0, 3)) {
  console.log(digit, (100 * data[digit]).toFixed(2), '%')
}
net.dispose()
`
})

/** Shows the image that the reader's program exports. */
export function take({ image: made }: Record<string, unknown>): void {
  if (made === undefined) return
  if (!(made instanceof Uint8Array) || made.length !== PIXELS) {
    throw new Error('Export image as a Uint8Array of 28 · 28 = 784 bytes.')
  }
  if (made.every((value, i) => value === image.value[i])) return
  strokes.value = []
  chosen.value = made
}
