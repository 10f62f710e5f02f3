/** Gives the reader a file. */
export function save(name: string, content: BlobPart): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content]))
  link.download = name
  link.click()
  // The download has begun when the next task runs, in every browser within seconds.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
