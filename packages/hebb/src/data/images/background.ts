import { refuse } from '../../options'
import type { Pixels } from './pixels'

/** Throws unless a colour is three values from 0 to 255, or undefined. */
export function checkBackground(who: string, background: unknown): void {
  const isByte = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 255
  if (
    background !== undefined &&
    !(Array.isArray(background) && background.length === 3 && [...background].every(isByte))
  ) {
    refuse(who, 'background', 'three numbers from 0 to 255: [red, green, blue]', background)
  }
}

/** Pixels on a background, if there is one, as by Pillow's `alpha_composite`: none of them is transparent then. */
export function onBackground(image: Pixels, background: readonly number[] | undefined): Pixels {
  if (!background) return image
  const { width, height } = image
  const data = image.data.slice()
  const behind = background.map(Math.round)
  for (let at = 0; at < data.length; at += 4) {
    // Rounded to seven bits more, and then to none.
    const share = data[at + 3]! << 7
    for (let channel = 0; channel < 3; channel++) {
      const sum = data[at + channel]! * share + behind[channel]! * ((255 << 7) - share) + (128 << 7)
      data[at + channel] = ((sum >> 8) + sum) >> 15
    }
    data[at + 3] = 255
  }
  return { data, width, height }
}
