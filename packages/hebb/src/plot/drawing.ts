import type * as Plot from '@observablehq/plot'

/** The parts of Observable Plot that figures are made of. */
export type Library = Pick<typeof Plot, 'plot' | 'cell' | 'contour' | 'dot' | 'frame' | 'line' | 'text'>

/** What a figure shows, for both ways to show it. */
export interface Drawing {
  title: string
  /** In pixels. */
  width: number
  height: number
  /** Axes and marks for Observable Plot. */
  options(plot: Library): Plot.PlotOptions
  /** The same as characters, `columns` wide and `rows` high if the drawing can choose. */
  text(size: { columns: number; rows: number }, paint: (text: string, colour: number) => string): string
}

/**
 * A mark that makes its own elements: `draw` gets a function that creates one with attributes, and the scales of the axes.
 * Thousands of pixels are a few paths, where the marks of Observable Plot would be an element each.
 */
export function mark(
  draw: (
    create: (name: string, attributes: Record<string, string | number>, text?: string) => SVGElement,
    place: { x(value: number): number; y(value: number): number },
    size: { width: number; height: number },
  ) => SVGElement[],
): Plot.Markish {
  return ((_index, scales, _values, { width, height }, context) => {
    const create = (name: string, attributes: Record<string, string | number>, text?: string) => {
      const element = context!.document.createElementNS('http://www.w3.org/2000/svg', name)
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
      if (text !== undefined) element.textContent = text
      return element as SVGElement
    }
    const group = create('g', {})
    const same = (value: number) => value
    const { x, y } = scales as unknown as Record<'x' | 'y', ((value: number) => number) | undefined>
    group.append(...draw(create, { x: x ?? same, y: y ?? same }, { width, height }))
    return group
  }) satisfies Plot.RenderFunction
}

/** The label of a vertical axis, between the title and the frame. */
export function verticalLabel(text: string): Plot.Markish {
  return mark((create) => [
    create('text', { x: 12, y: 44, fill: 'currentColor', 'text-anchor': 'start' }, text),
  ])
}
