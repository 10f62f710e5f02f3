import { checkFlag, checkKeys, checkWhole } from '../options'
import { type Drawing, mark } from './drawing'
import { loadDocument, loadPlot } from './library'
import { PAGE, STYLE, TERMINAL } from './palette'

/** How wide and high characters draw. */
export interface TextOptions {
  /** Default 60. */
  columns?: number
  /** Default 16. */
  rows?: number
  /** Whether to colour. Default: if the standard output is a terminal and `NO_COLOR` is not set. */
  colour?: boolean
}

/** A figure, to be shown in a page, a file or a terminal. The same data gives the same text, whatever machine draws it. */
export interface Figure {
  /**
   * SVG as text, for a file: readable on light and dark pages, and in programs that know no dark pages.
   *
   * @throws HebbError `option` if Observable Plot, or outside pages linkedom, is not installed; the message names it
   */
  toSvg(): Promise<string>
  /** An element for a page, which follows its light or dark colours. Throws as `toSvg`. */
  toElement(): Promise<SVGSVGElement>
  /** Characters for a terminal; needs no other package. Where curves lie over each other, they take turns. */
  toText(options?: TextOptions): string
}

export function figure(drawing: Drawing): Figure {
  const toElement = async () => {
    const [plot, document] = await Promise.all([loadPlot(), loadDocument()])
    const { width, height, title } = drawing
    const { marks = [], ...options } = drawing.options(plot)
    const heading = mark((create) => [
      create('text', { x: 12, y: 22, fill: 'currentColor', 'text-anchor': 'start' }, title),
    ])
    const element = plot.plot({
      document,
      className: 'hebb-figure',
      width,
      height,
      ...options,
      marks: [...marks, heading],
    }) as SVGSVGElement
    element.setAttribute('role', 'img')
    const create = (name: string, text: string) => {
      const one = document.createElementNS('http://www.w3.org/2000/svg', name)
      one.textContent = text
      return one
    }
    const page = create('rect', '')
    for (const [key, value] of Object.entries({ width: '100%', height: '100%', fill: PAGE }))
      page.setAttribute(key, value)
    element.prepend(create('title', title), create('style', STYLE), page)
    return element
  }
  return {
    toElement,
    toSvg: async () => plain((await toElement()).outerHTML),
    toText(options = {}) {
      checkKeys('toText', options, ['columns', 'rows', 'colour'])
      const columns = checkWhole('toText', 'columns', options.columns ?? 60, 10, 1000)
      const rows = checkWhole('toText', 'rows', options.rows ?? 16, 4, 1000)
      const colour = checkFlag('toText', 'colour', options.colour ?? isColourful())
      const paint = (text: string, one: number) =>
        colour ? `\x1b[${TERMINAL[one % TERMINAL.length]}m${text}\x1b[39m` : text
      return drawing.text({ columns, rows }, paint)
    },
  }
}

function isColourful(): boolean {
  const { process } = globalThis as { process?: NodeJS.Process }
  return process?.stdout?.isTTY === true && !process.env.NO_COLOR
}

/** An element's text as a file: with its namespace, numbers of two decimals, and names that do not depend on earlier figures. */
function plain(html: string): string {
  const short = html
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/<[^>]+>/g, (tag) =>
      tag.replace(/-?\d+\.\d{3,}(e-\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
    )
  const names = [...new Set(short.match(/plot-clip-\d+/g))]
  const anonymous = names.reduce(
    (text, name, i) => text.replaceAll(new RegExp(`${name}\\b`, 'g'), `clip-${i}`),
    short,
  )
  // Several files in one page must not share names.
  let hash = 0
  for (let i = 0; i < anonymous.length; i++) hash = (Math.imul(hash, 31) + anonymous.charCodeAt(i)) >>> 0
  return `${anonymous.replaceAll(/\bclip-(\d+)/g, `clip-${hash.toString(36)}-$1`)}\n`
}
