// The same plots as SVG, and numbers as images: readable on light and dark pages, and without colours.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Layer, type PlotOptions, part } from './plot.ts'

// Okabe and Ito's colours, which colour-blind people can distinguish, lighter on dark pages.
const LIGHT = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b07d00', '#6a3d9a', '#444444']
const DARK = ['#56b4e9', '#ff8c42', '#2ccb9c', '#e59bc6', '#f0c13a', '#b79ae0', '#cccccc']
const colours = (of: string[]) => of.map((colour, i) => `.c${i}{color:${colour}}`).join('')
const STYLE = `<style>
text{font:13px system-ui,sans-serif;fill:#24292f}.page{fill:#fff}.frame{fill:none;stroke:#8c959f}.grid{stroke:#d8dee4}
.line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}.mark{fill:currentColor}
${colours(LIGHT)}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.frame{stroke:#6e7681}.grid{stroke:#262c34}
${colours(DARK)}}
</style>`

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const round = (value: number) => String(Number(value.toFixed(1)))

function page(width: number, height: number, title: string, body: string[]): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    STYLE,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...body,
    '</svg>',
  ].join('\n')}\n`
}

function text(x: number, y: number, words: string, anchor = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(words)}</text>`
}

/** About five round numbers within limits; on a logarithmic axis the powers of ten. */
function ticks([low, high]: readonly [number, number], log: boolean): number[] {
  if (log) {
    const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)]
    const every = Math.ceil((last - first + 1) / 7)
    return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i)).filter(
      (_, i) => i % every === 0,
    )
  }
  const power = 10 ** Math.floor(Math.log10((high - low) / 4))
  const step = [1, 2, 5, 10].map((n) => n * power).find((step) => (high - low) / step <= 6)!
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

const named = (value: number) =>
  Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential() : String(value)

/** A distinct mark per layer: a disc, a square, a triangle, a diamond. */
function marked(layer: number, x: number, y: number): string {
  const from = (dx: number, dy: number) => `M${round(x + dx)} ${round(y + dy)}`
  return [
    `${from(-3.5, 0)}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0`,
    `${from(-3, -3)}h6v6h-6z`,
    `${from(0, -4.2)}l4 7h-8z`,
    `${from(0, -4.5)}l4.5 4.5l-4.5 4.5l-4.5-4.5z`,
  ][layer % 4]!
}

/** As {@link plot}, with the same options: a character is 10 × 20 units. */
export function svg(layers: readonly Layer[], options: PlotOptions): string {
  const { x, y, log = false, logX = false, title = '' } = options
  const [left, top, width, height] = [62, 34, 10 * (options.width ?? 60), 20 * (options.height ?? 16)]
  const across = (value: number) => part(value, x, logX) * width
  const up = (value: number) => height - part(value, y, log) * height
  const body = [text(left, 22, title)]
  for (const tick of ticks(x, logX)) {
    body.push(`<path class="grid" d="M${round(left + across(tick))} ${top}v${height}"/>`)
    body.push(text(left + across(tick), top + height + 18, named(tick), 'middle'))
  }
  for (const tick of ticks(y, log)) {
    body.push(`<path class="grid" d="M${left} ${round(top + up(tick))}h${width}"/>`)
    body.push(text(left - 8, top + up(tick) + 4, named(tick), 'end'))
  }
  // A nested SVG clips what leaves the frame.
  body.push(`<svg x="${left}" y="${top}" width="${width}" height="${height}">`)
  // The legend is below, in as many rows as needed.
  const below: string[] = []
  let [next, row] = [left, top + height + 40]
  for (const [i, { points, name, line }] of layers.entries()) {
    const all = points.map(([a, b]) => [across(a), up(b)] as const)
    const places = all.filter((place) => place.every(Number.isFinite))
    const path = line
      ? `M${places.map(([a, b]) => `${round(a)} ${round(b)}`).join('L')}`
      : places.map(([a, b]) => marked(i, a, b)).join('')
    // A repeated colour is dashed.
    const again = line && i >= LIGHT.length ? ' stroke-dasharray="6 3"' : ''
    const look = `class="${line ? 'line' : 'mark'} c${i % LIGHT.length}"${again}`
    if (places.length > 0) body.push(`<path ${look} d="${path}"/>`)
    if (!name) continue
    const size = 44 + 7.2 * name.length
    if (next > left && next + size > left + width) [next, row] = [left, row + 20]
    below.push(`<path ${look} d="${line ? `M${round(next)} ${row - 4}h18` : marked(i, next + 9, row - 4)}"/>`)
    below.push(text(next + 24, row, name))
    next += size
  }
  body.push('</svg>')
  body.push(`<rect class="frame" x="${left}" y="${top}" width="${width}" height="${height}"/>`, ...below)
  return page(left + width + 18, below.length > 0 ? row + 12 : row - 10, title, body)
}

/** Numbers as images `width` wide, five per row: orange above 0 and blue below, more intense with distance from 0. */
export function pictures(images: readonly ArrayLike<number>[], width: number, title: string): string {
  const [cell, gap, top] = [4, 12, 36]
  const [across, down] = [width, Math.ceil(images[0]!.length / width)].map((size) => size * cell + gap) as [
    number,
    number,
  ]
  const body = [text(gap, 22, title)]
  for (const [n, image] of images.entries()) {
    const most = Math.max(...Array.from(image, Math.abs)) || 1
    const level = (i: number) => Math.max(-3, Math.min(3, Math.round((5 * image[i]!) / most)))
    const paths = new Map<number, string>()
    for (let i = 0; i < image.length; ) {
      let end = i + 1
      while (end < image.length && end % width !== 0 && level(end) === level(i)) end++
      const [x, y] = [i % width, Math.floor(i / width)]
      if (level(i) !== 0) paths.set(level(i), `${paths.get(level(i)) ?? ''}M${x} ${y + 0.5}h${end - i}`)
      i = end
    }
    const place = `translate(${gap + (n % 5) * across} ${top + Math.floor(n / 5) * down}) scale(${cell})`
    body.push(`<g transform="${place}" fill="none" stroke="currentColor">`)
    body.push(`<rect class="frame" width="${width}" height="${image.length / width}" stroke-width="0.25"/>`)
    for (const [level, d] of paths) {
      body.push(
        `<path class="c${level > 0 ? 1 : 0}" stroke="currentColor" stroke-opacity="${round(Math.abs(level) / 3)}" d="${d}"/>`,
      )
    }
    body.push('</g>')
  }
  return page(gap + 5 * across, top + Math.ceil(images.length / 5) * down, title, body)
}

/** Writes a figure into the folder of the option `--svg`, if given. */
export function writeSvg(folder: string | undefined, name: string, figure: () => string): void {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.svg`), figure())
}
