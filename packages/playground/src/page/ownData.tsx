// The reader's own data, in by a button or by dropping a file on the page, and out as a file.
import { useEffect } from 'preact/hooks'
import type { OwnData as Given } from './chapter'
import { guarded } from './engine'
import { Panel } from './panel'
import { save } from './save'

export function OwnData({ data }: { data: Given }) {
  const { save: out } = data
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0]
    if (file) guarded(() => data.load(file))
  }
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault()
    const drop = (event: DragEvent) => {
      event.preventDefault()
      take(event.dataTransfer?.files)
    }
    document.addEventListener('dragover', over)
    document.addEventListener('drop', drop)
    return () => {
      document.removeEventListener('dragover', over)
      document.removeEventListener('drop', drop)
    }
  })
  return (
    <Panel id="data" title="Your own data">
      <p class="prose">{data.hint} It stays in this browser.</p>
      <div class="buttons">
        <label class="button">
          Open a file
          <input
            type="file"
            accept={data.accept}
            onChange={({ currentTarget }) => {
              take(currentTarget.files)
              // So that the same file can be chosen again.
              currentTarget.value = ''
            }}
          />
        </label>
        {out && (
          <button type="button" onClick={() => guarded(async () => save(out.name, await out.content()))}>
            Save as {out.name}
          </button>
        )}
      </div>
    </Panel>
  )
}
