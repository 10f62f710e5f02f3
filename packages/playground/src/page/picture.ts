// The figure as a file.

const STYLES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'paint-order',
  'opacity',
  'fill-opacity',
  'stroke-linejoin',
  'font-size',
  'font-family',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
]

/** The first drawing of `figure`, or the one marked as `pictured`: an SVG with its colours written out, or a canvas as a PNG. */
export async function picture(figure: Element): Promise<{ name: string; content: BlobPart } | undefined> {
  const drawn = figure.querySelector('.pictured svg') ?? figure.querySelector('svg, canvas')
  if (drawn instanceof HTMLCanvasElement) {
    const content = await new Promise<Blob | null>((resolve) => drawn.toBlob(resolve))
    return content ? { name: 'figure.png', content } : undefined
  }
  if (!drawn) return undefined
  const copy = drawn.cloneNode(true) as SVGElement
  const copies = [copy, ...copy.querySelectorAll('*')]
  for (const [i, original] of [drawn, ...drawn.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(original)
    for (const name of STYLES) copies[i]!.setAttribute(name, style.getPropertyValue(name))
    copies[i]!.removeAttribute('class')
  }
  // The colours are chosen for the ground on which they lie.
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  const { backgroundColor } = getComputedStyle(figure)
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: backgroundColor }))
    ground.setAttribute(name, value)
  copy.prepend(ground)
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return { name: 'figure.svg', content: new XMLSerializer().serializeToString(copy) }
}
