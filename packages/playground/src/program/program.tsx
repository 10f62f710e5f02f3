// The code that made the figure: it follows the page until the reader changes it, and runs beside the page.
import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { Chapter } from '../page/chapter'
import { engine } from '../page/engine'
import { Panel } from '../page/panel'
import { readDraft, writeDraft } from './draft'
import { Editor } from './editor'
import { type Running, run } from './run'

const ENDED =
  'The page ended while this program was running. Perhaps the program needed more memory than the browser has, as an array does that grows without end. Your changes are kept.'

export function Program({ chapter }: { chapter: Chapter }) {
  const draft = useMemo(readDraft, [])
  const edited = useSignal(draft?.text)
  const output = useSignal<readonly string[]>([])
  const failed = useSignal(draft?.running ? ENDED : '')
  const running = useSignal<Running | undefined>(undefined)
  const busy = running.value !== undefined
  const text = edited.value ?? chapter.program.value
  const edit = (text: string | undefined) => {
    edited.value = text
    keep()
  }
  const keep = () => {
    const { value: text } = edited
    writeDraft(text === undefined ? undefined : { text, running: running.value !== undefined })
  }

  const go = async () => {
    if (running.value || !engine.value) return
    output.value = []
    failed.value = ''
    try {
      running.value = run(text, (line) => {
        output.value = [...output.value, line]
      })
      keep()
      await chapter.take?.(await running.value.exports)
    } catch (error) {
      failed.value = (error as Error).message
    } finally {
      running.value = undefined
      keep()
    }
  }
  return (
    <Panel id="program" title="The code">
      <p class="prose">
        This program computes what you see. It follows the figure; change it, run it, and the figure follows
        what it exports. It runs as it is in Node, after <code>npm install hebb</code>.
      </p>
      <Editor text={text} change={edit} run={go} />
      <div class="buttons">
        <button
          type="button"
          class="first"
          disabled={!engine.value}
          onClick={() => (running.value ? running.value.stop() : go())}
        >
          {busy ? 'Stop' : 'Run'}
        </button>
        <button
          type="button"
          disabled={edited.value === undefined}
          onClick={() => {
            failed.value = ''
            edit(undefined)
          }}
        >
          Undo my changes
        </button>
      </div>
      <div class="output" role="log" aria-label="Output of the program" data-busy={busy}>
        {output.value.length > 0 && <pre>{output.value.join('\n')}</pre>}
        {failed.value && <p class="problem">{failed.value}</p>}
      </div>
    </Panel>
  )
}
