interface Props {
  top: number
  left: number
  size: number
  /** Pixels on each side of the whole picture. */
  of: number
}

/** A square around some pixels of a picture. */
export function Frame({ top, left, size, of }: Props) {
  const part = (pixels: number) => `${(100 * pixels) / of}%`
  return (
    <span
      class="cursor"
      style={{ top: part(top), left: part(left), width: part(size), height: part(size) }}
    />
  )
}
