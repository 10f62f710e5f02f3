// A picture in grey: 0 is black, 1 is white.
import { useLayoutEffect, useRef } from 'preact/hooks'

export function Grey({ data, width }: { data: Float32Array; width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const height = data.length / width
  useLayoutEffect(() => {
    const image = new ImageData(width, height)
    for (const [i, value] of data.entries()) {
      const level = 255 * value
      image.data.set([level, level, level, 255], 4 * i)
    }
    canvas.current!.getContext('2d')!.putImageData(image, 0, 0)
  }, [data, width, height])
  return <canvas class="plane" ref={canvas} width={width} height={height} />
}
