// The reader's own data, in by a button, by dropping a file on the page or from the camera, and out as a file.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { film } from './camera'
import type { OwnData as Given } from './chapter'
import { guarded } from './engine'
import { Panel } from './panel'
import { save } from './save'

export function OwnData({ data }: { data: Given }) {
  const { load, save: out } = data
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0]
    if (file && load) guarded(() => load(file))
  }
  const filming = useSignal<AbortController | undefined>(undefined)
  const shoot = async (show: (frame: ImageBitmap) => void) => {
    const control = new AbortController()
    filming.value = control
    await guarded(() => film(show, control.signal))
    if (filming.value === control) filming.value = undefined
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
    <Panel id="data" title={load ? 'Your own data' : 'The numbers as a file'}>
      <p class="prose">
        {data.hint} {load && 'It stays in this browser.'}
      </p>
      <div class="buttons">
        {load && (
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
        )}
        {data.film && (
          <button
            type="button"
            onClick={() => {
              if (!filming.value) return shoot(data.film!)
              filming.value.abort()
              filming.value = undefined
            }}
          >
            {filming.value ? 'Stop the camera' : 'Use the camera'}
          </button>
        )}
        {out && (
          <button type="button" onClick={() => guarded(async () => save(out.name, await out.content()))}>
            Save as {out.name}
          </button>
        )}
      </div>
    </Panel>
  )
}
