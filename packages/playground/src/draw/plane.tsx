// A matrix as an image: one pixel per value, blue below zero, orange above.
import { useLayoutEffect, useRef } from 'preact/hooks'
import { channels, palette } from './palette'

interface Props {
  data: ArrayLike<number>
  width: number
  height: number
  /** The value with the full colour. */
  most: number
}

export function Plane({ data, width, height, most }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { negative, zero, positive } = palette.value
  useLayoutEffect(() => {
    const [below, middle, above] = [channels(negative), channels(zero), channels(positive)]
    const image = new ImageData(width, height)
    for (let i = 0; i < width * height; i++) {
      const value = Math.max(-1, Math.min(1, data[i]! / most))
      const end = value < 0 ? below : above
      for (let c = 0; c < 3; c++) {
        image.data[4 * i + c] = middle[c]! + Math.abs(value) * (end[c]! - middle[c]!)
      }
      image.data[4 * i + 3] = 255
    }
    canvas.current!.getContext('2d')!.putImageData(image, 0, 0)
  }, [data, width, height, most, negative, zero, positive])
  return <canvas class="plane" ref={canvas} width={width} height={height} />
}
