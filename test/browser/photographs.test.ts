// Every stage from a photograph to a network's input is that of Pillow and torchvision, bit by bit, and so that of Node.
import { expect, test } from 'vitest'
import { photographs, stagesOf } from '../helpers/photographs'

test.each(photographs)('%s', async (name) => {
  for (const { own, expected, shapes } of await stagesOf(name)) {
    expect(own).toEqual(expected)
    expect(shapes[0]).toEqual(shapes[1])
  }
})
