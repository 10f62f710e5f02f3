import { HebbError } from '../errors'
import { checkKeys, checkWhole } from '../options'
import { checkText, isNumbers } from './checks'
import { type Drawing, mark } from './drawing'
import { type Figure, figure } from './figure'
import { tint } from './palette'
import { largest, levelOf, runs, shade } from './runs'

/** Numbers as a picture, row by row: blue below 0, orange above, more intense with distance from 0. */
export interface Values {
  data: ArrayLike<number>
  width: number
}

/** Red, green, blue and alpha of each pixel, as `filters` and `featureMaps` of `hebb/inspect` return them. */
export interface Pixels {
  data: Uint8ClampedArray
  width: number
  height: number
}

export interface PicturesOptions {
  title?: string
  /** Pictures side by side. Default 5. */
  columns?: number
  /** Pixels of the figure for a pixel of a picture. Default 4. */
  scale?: number
}

const [GAP, TOP] = [12, 36]

/**
 * Pictures side by side: filters, feature maps and patches of `hebb/inspect` in their colours, or weights and patterns as numbers.
 *
 * @throws HebbError `option`; `shape` if a picture has no whole rows
 */
export function pictures(images: readonly (Values | Pixels)[], options: PicturesOptions = {}): Figure {
  checkKeys('pictures', options, ['title', 'columns', 'scale'])
  return figure(new Pictures(images, options))
}

const heightOf = ({ data, width, ...rest }: Values | Pixels) =>
  'height' in rest ? rest.height : data.length / width

class Pictures implements Drawing {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly #images: readonly (Values | Pixels)[]
  readonly #columns: number
  readonly #scale: number
  readonly #cell: [width: number, height: number]

  constructor(images: readonly (Values | Pixels)[], { title = '', columns = 5, scale = 4 }: PicturesOptions) {
    if (!Array.isArray(images) || images.length === 0)
      throw new HebbError('option', 'pictures takes a list of pictures { data, width }')
    for (const [i, image] of [...images].entries()) {
      checkWhole(`picture ${i}`, 'width', image?.width, 1)
      if (!isNumbers(image.data)) throw new HebbError('data', `picture ${i} has no numbers as data`)
      const height = heightOf(image)
      const channels = 'height' in image ? 4 : 1
      if (!Number.isInteger(height) || height < 1 || image.data.length !== channels * image.width * height)
        throw new HebbError(
          'shape',
          `picture ${i} has ${image.data.length} values, which are no rows of ${image.width}`,
        )
    }
    this.title = checkText('pictures', 'title', title)
    this.#columns = Math.min(images.length, checkWhole('pictures', 'columns', columns, 1, 1000))
    this.#scale = checkWhole('pictures', 'scale', scale, 1, 100)
    this.#images = images
    const size = (of: (image: Values | Pixels) => number) => Math.max(...images.map(of)) * this.#scale + GAP
    this.#cell = [size(({ width }) => width), size(heightOf)]
    this.width = Math.max(GAP + this.#columns * this.#cell[0], 24 + Math.ceil(6.8 * this.title.length))
    this.height = TOP + Math.ceil(images.length / this.#columns) * this.#cell[1]
  }

  options(): ReturnType<Drawing['options']> {
    return {
      axis: null,
      marks: [
        mark((create) =>
          this.#images.map((image, n) => {
            const [x, y] = [n % this.#columns, Math.floor(n / this.#columns)]
            const place = `translate(${GAP + x * this.#cell[0]} ${TOP + y * this.#cell[1]}) scale(${this.#scale})`
            const group = create('g', { transform: place, fill: 'none' })
            const size = { width: image.width, height: heightOf(image) }
            group.append(
              ...('height' in image ? coloured(create, image) : signed(create, image)),
              create('rect', {
                ...size,
                stroke: 'currentColor',
                'stroke-opacity': 0.5,
                'stroke-width': 0.25,
              }),
            )
            return group
          }),
        ),
      ],
    }
  }

  text(_size: unknown, paint: (text: string, colour: number) => string): string {
    const lines = [this.title]
    for (let n = 0; n < this.#images.length; n += this.#columns) {
      const row = this.#images.slice(n, n + this.#columns)
      const high = Math.max(...row.map(heightOf))
      // A character is twice as high as wide.
      for (let y = 0; y < high; y += 2)
        lines.push(
          row
            .map((image) => line(image, y, paint))
            .join(' ')
            .trimEnd(),
        )
      lines.push('')
    }
    return lines.slice(lines[0] ? 0 : 1, -1).join('\n')
  }
}

type Create = Parameters<Parameters<typeof mark>[0]>[0]

/** Sixteen values of red, green and blue are enough for paths, and fewer than bytes have. */
function coloured(create: Create, { data, width, height }: Pixels): SVGElement[] {
  const hex = (value: number) => Math.round(value / 17).toString(16)
  const look = (x: number, y: number) => {
    const [r, g, b] = data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)
    return `#${hex(r!)}${hex(g!)}${hex(b!)}`
  }
  return Array.from(runs(width, height, look), ([stroke, d]) => create('path', { stroke, d }))
}

function signed(create: Create, { data, width }: Values): SVGElement[] {
  const most = largest(data)
  const look = (x: number, y: number) => levelOf(data[y * width + x]!, most) || undefined
  return Array.from(runs(width, data.length / width, look), ([level, d]) =>
    create('path', { ...tint(level), d }),
  )
}

/** Two rows of an image as one line. */
function line(image: Values | Pixels, y: number, paint: (text: string, colour: number) => string): string {
  const { width } = image
  const most = largest(image.data)
  const at = (x: number, row: number) =>
    'height' in image ? image.data[4 * (row * width + x)]! / 255 : (image.data[row * width + x] ?? 0)
  return Array.from({ length: width }, (_, x) => {
    const below = y + 1 < heightOf(image) ? at(x, y + 1) : at(x, y)
    const mean = (at(x, y) + below) / 2
    return 'height' in image ? ' ░▒▓█'[Math.round(4 * mean)] : shade(levelOf(mean, most), paint)
  }).join('')
}
