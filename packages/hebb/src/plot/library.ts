import { HebbError } from '../errors'
import type { Library } from './drawing'

/** The result of an import, or an error that names the package that is missing. */
async function needed<T>(name: string, module: Promise<T>): Promise<T> {
  try {
    return await module
  } catch {
    throw new HebbError('option', `figures need the package ${name}: npm install ${name}`)
  }
}

/** Observable Plot, which is loaded by the first figure. By its parts' names a bundler knows what it may leave out. */
export function loadPlot(): Promise<Library> {
  return needed(
    '@observablehq/plot',
    import('@observablehq/plot').then(({ plot, cell, contour, dot, frame, line, text }) => {
      return { plot, cell, contour, dot, frame, line, text }
    }),
  )
}

/** The page's document, or one of linkedom's where there is no page. */
export async function loadDocument(): Promise<Document> {
  if (typeof document !== 'undefined') return document
  // A name that bundlers do not follow: no page needs it.
  const name = 'linkedom'
  const { parseHTML } = await needed<typeof import('linkedom')>(
    name,
    import(/* @vite-ignore */ /* webpackIgnore: true */ name),
  )
  return parseHTML('<html></html>').document
}
