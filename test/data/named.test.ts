// Values that are not data.
import { datasets } from 'hebb'
import { expect, test } from 'vitest'

test.each([null, undefined, 3, 'text', true, {}, []])('%j is refused', async (x) => {
  await expect(datasets.fromArrays(x as never)).rejects.toMatchObject({ name: 'HebbError' })
})
