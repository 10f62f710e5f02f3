// The public names.
import * as hebb from 'hebb'
import { expect, test } from 'vitest'

test('internals of the engine are not exported', () => {
  const names = Object.keys(hebb)
  for (const name of [
    'toLossIndex',
    'toLoss',
    'toTargets',
    'toFlatInput',
    'toClassScores',
    'Dataset',
    'Network',
    'Engine',
  ]) {
    expect(names).not.toContain(name)
  }
  expect(names.filter((name) => /^(to|check|is)[A-Z]/.test(name))).toEqual([])
})
