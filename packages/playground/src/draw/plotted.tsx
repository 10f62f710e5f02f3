// A figure of hebb/plot, as wide as its place. The library is loaded with the first one.
import { useEffect } from 'preact/hooks'
import { useWidth } from './width'

export type Plot = typeof import('hebb/plot')

interface Props {
  label: string
  /** Height by width. */
  aspect: number
  /** The figure; another one is drawn when this is another function. */
  make: (plot: Plot, size: { width: number; height: number }) => ReturnType<Plot['chart']>
}

/** A narrower figure would have more names than room, and a lower one no room for its numbers. */
const NARROWEST = 260
const LOWEST = 210

export function Plotted({ label, aspect, make }: Props) {
  const [place, width] = useWidth()
  const heightOf = (width: number) => Math.round(Math.max(LOWEST, aspect * width))
  useEffect(() => {
    if (width === 0) return
    const now = new AbortController()
    const draw = async () => {
      const own = Math.max(NARROWEST, width)
      const figure = make(await import('hebb/plot'), { width: own, height: heightOf(own) })
      const element = await figure.toElement()
      // A picture has one name; those that Plot gives to its parts belong to no role.
      for (const part of element.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
      element.setAttribute('aria-label', label)
      if (!now.signal.aborted) place.current!.replaceChildren(element)
    }
    draw()
    return () => now.abort()
  }, [width, aspect, make, label])
  return <div class="plotted" ref={place} style={{ minHeight: `${heightOf(width)}px` }} />
}
