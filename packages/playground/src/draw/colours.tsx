// A picture in colours: red, green and blue one after another, each value from 0 to 1; where it is NaN there is no colour.
import { useLayoutEffect, useRef } from 'preact/hooks'

export function Colours({ data, width }: { data: Float32Array; width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = data.length / 3
  useLayoutEffect(() => {
    const image = new ImageData(width, size / width)
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = 255 * data[c * size + i]!
      image.data[4 * i + 3] = Number.isNaN(data[i]) ? 0 : 255
    }
    canvas.current!.getContext('2d')!.putImageData(image, 0, 0)
  }, [data, width, size])
  return <canvas class="plane" ref={canvas} width={width} height={size / width} />
}
