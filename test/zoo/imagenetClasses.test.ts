import { imagenetClasses } from 'hebb/zoo'
import { expect, test } from 'vitest'

test("the names of ImageNet's classes, by their numbers", async () => {
  const names = await imagenetClasses()
  expect(names).toHaveLength(1000)
  expect(new Set(names).size).toBe(1000)
  expect(names.every((name) => name === name.trim() && name.length > 1)).toBe(true)
  expect([0, 1, 134, 285, 504, 639, 657, 812, 999].map((number) => names[number])).toEqual([
    'tench',
    'goldfish',
    'crane bird',
    'Egyptian cat',
    'coffee mug',
    'maillot tank suit',
    'missile',
    'space shuttle',
    'toilet tissue',
  ])
})
