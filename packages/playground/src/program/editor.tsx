// A text area over its own coloured text: the browser does the editing.
import { highlight } from './highlight'

interface Props {
  text: string
  change: (text: string) => void
  run: () => void
}

export function Editor({ text, change, run }: Props) {
  return (
    <div class="editor">
      {/* A last line that is empty has a height only if something follows. */}
      <pre aria-hidden="true">
        {highlight(`${text}\n`).map(({ kind, text }, i) =>
          kind === 'plain' ? (
            text
          ) : (
            <span key={i} class={`code-${kind}`}>
              {text}
            </span>
          ),
        )}
      </pre>
      <textarea
        aria-label="The program, which you can change. Control and Enter run it."
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        value={text}
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          run()
        }}
      />
    </div>
  )
}
