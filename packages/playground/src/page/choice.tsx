interface Props<T extends string> {
  label: string
  value: T
  /** The choices and their texts. */
  from: Readonly<Record<T, string>>
  set: (value: T) => void
  disabled?: boolean
}

/** A list to choose from. */
export function Choice<T extends string>({ label, value, from, set, disabled = false }: Props<T>) {
  return (
    <label class="choice">
      {label}
      <select
        value={value}
        disabled={disabled}
        onChange={({ currentTarget }) => set(currentTarget.value as T)}
      >
        {Object.entries<string>(from).map(([own, text]) => (
          <option key={own} value={own}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
