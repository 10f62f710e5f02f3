// Okabe and Ito's colours, which colour-blind people can distinguish: a darker shade of each on light pages, and a lighter one on
// dark pages. Elements have the light one as an attribute, which every program that shows SVG understands; a style sheet
// exchanges it on dark pages.

const DARK: Record<string, string> = {
  '#0072b2': '#56b4e9',
  '#d55e00': '#ff8c42',
  '#009e73': '#2ccb9c',
  '#cc79a7': '#e59bc6',
  '#b07d00': '#f0c13a',
  '#6a3d9a': '#b79ae0',
  '#444444': '#cccccc',
}
export const COLOURS = Object.keys(DARK)
export const PAGE = '#ffffff'
export const [BELOW, ABOVE] = COLOURS as [string, string]

/** Of the terminal, in the same order: blue, red, green, magenta, yellow, cyan, white. */
export const TERMINAL = [94, 91, 92, 95, 93, 96, 97]

const exchanged = Object.entries({ ...DARK, [PAGE]: '#0d1117' })
  .flatMap(([light, dark]) =>
    ['fill', 'stroke'].map((what) => `.hebb-figure [${what}="${light}"]{${what}:${dark}}`),
  )
  .join('\n')
export const STYLE = `.hebb-figure{color:#24292f;font:13px system-ui,sans-serif}
@media(prefers-color-scheme:dark){.hebb-figure{color:#e6edf3}
${exchanged}
}`

/** A level from −3 to 3 as a colour and an opacity: blue below 0, orange above, more intense with distance from 0. */
export function tint(level: number): { stroke: string; 'stroke-opacity': number } {
  return {
    stroke: level > 0 ? ABOVE : BELOW,
    'stroke-opacity': Number((Math.min(3, Math.abs(level)) / 3).toFixed(2)),
  }
}
