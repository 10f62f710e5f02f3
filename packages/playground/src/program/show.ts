/** A value on a line, as people read it: few digits, and the beginning of long lists. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(Number(value.toPrecision(5)))
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const all = value as unknown as ArrayLike<unknown>
    const first = Array.from({ length: Math.min(all.length, 12) }, (_, i) => show(all[i]))
    return `[${first.join(', ')}${all.length > 12 ? `, … ${all.length} in all` : ''}]`
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, own]) => `${name}: ${show(own)}`)
    return `{ ${entries.join(', ')} }`
  }
  return String(value)
}
