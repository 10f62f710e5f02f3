/** Turns the hue of a colour by a part of the circle: through hue, saturation and value (Smith 1978), all from 0 to 1. */
export function turnHue(rgb: readonly [number, number, number], by: number): [number, number, number] {
  const [red, green, blue] = rgb
  const value = Math.max(red, green, blue)
  const range = value - Math.min(red, green, blue)
  if (range === 0) return [red, green, blue]
  const sector =
    value === red
      ? (green - blue) / range
      : value === green
        ? 2 + (blue - red) / range
        : 4 + (red - green) / range
  const turned = sector + 6 * by
  // How far the sector of each primary colour is: it is full within one sector, and gone beyond two.
  const part = (primary: number) => {
    const apart = Math.abs(turned - primary) % 6
    return Math.min(1, Math.max(0, 2 - Math.min(apart, 6 - apart)))
  }
  const least = value - range
  return [least + range * part(0), least + range * part(2), least + range * part(4)]
}
