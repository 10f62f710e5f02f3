// Figures as elements of a page.
import { chart, pictures } from 'hebb/plot'
import { expect, test } from 'vitest'

test('an element has the colours of the page, and its text is that of a file', async () => {
  const line = {
    points: [
      [0, 0],
      [1, 1],
    ] as [number, number][],
    line: true,
    name: 'y = x',
  }
  const figure = chart([line], { title: 'a line', x: [0, 1], y: [0, 1] })
  const element = await figure.toElement()
  document.body.append(element)
  const path = element.querySelector('[aria-label="line"] path')!
  // Light, as nothing else is asked for in this browser.
  expect(getComputedStyle(path).stroke).toBe('rgb(0, 114, 178)')
  expect(element.getAttribute('viewBox')).toMatch(/^0 0 680 /)
  expect(element.querySelector('title')!.textContent).toBe('a line')
  const file = new DOMParser().parseFromString(await figure.toSvg(), 'image/svg+xml')
  expect(file.querySelector('parsererror')).toBeNull()
  const texts = (of: ParentNode) => [...of.querySelectorAll('text')].map(({ textContent }) => textContent)
  expect(texts(file)).toEqual(texts(element))
  element.remove()
})

test('pictures need no axes', async () => {
  const element = await pictures([{ data: [1, -1], width: 2 }]).toElement()
  expect([...element.querySelectorAll('path')].map((path) => path.getAttribute('d'))).toEqual([
    'M0 0.5h1',
    'M1 0.5h1',
  ])
})
