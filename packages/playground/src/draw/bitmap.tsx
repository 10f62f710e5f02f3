// Black and white cells as an image: 1 is ink, −1 is ground, 0 is not known.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { channels, palette } from './palette'

export function Bitmap({ cells }: { cells: readonly number[] }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const side = Math.sqrt(cells.length)
  const { ink, zero, train } = palette.value
  useLayoutEffect(() => {
    const [black, white, unknown] = [channels(ink), channels(zero), channels(train)]
    const image = new ImageData(side, side)
    for (const [i, y] of cells.entries()) {
      // Not known: the ground with a little colour.
      const colour = y > 0 ? black : y < 0 ? white : white.map((c, k) => c + 0.4 * (unknown[k]! - c))
      image.data.set([...colour, 255], 4 * i)
    }
    canvas.current!.getContext('2d')!.putImageData(image, 0, 0)
  }, [cells, side, ink, zero, train])
  return <canvas class="plane" ref={canvas} width={side} height={side} />
}
