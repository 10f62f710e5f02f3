interface Props {
  label: string
  value: number
  least: number
  most: number
  stride: number
  /** Whether the slider's places are powers of ten. */
  logarithmic?: boolean
  set: (value: number) => void
}

/** A number to choose; the value is rounded as the address rounds it. */
export function Slider({ label, value, least, most, stride, logarithmic = false, set }: Props) {
  const place = (value: number) => (logarithmic ? Math.log10(value) : value)
  const at = (place: number) => Number((logarithmic ? 10 ** place : place).toPrecision(3))
  return (
    <label class="slider">
      <span>
        {label} <b>{String(value).replace('-', '−')}</b>
      </span>
      <input
        type="range"
        min={place(least)}
        max={place(most)}
        step={stride}
        value={place(value)}
        aria-valuetext={String(value)}
        onInput={({ currentTarget }) => set(at(Number(currentTarget.value)))}
      />
    </label>
  )
}
