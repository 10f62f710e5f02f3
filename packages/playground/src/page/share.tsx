// Takes the figure along: a link to exactly this state, the figure for another page, a picture.
import { useSignal } from '@preact/signals'
import { picture } from './picture'
import { save } from './save'
import { address } from './url'

export function Share({ title }: { title: string }) {
  const said = useSignal('')
  const copy = async (what: string, text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      said.value = `${what} copied`
    } catch {
      said.value = text
    }
  }
  const frame = () =>
    `<iframe src="${address(true).replaceAll('&', '&amp;')}" title="${title}" width="680" height="620"></iframe>`
  return (
    <div class="share">
      <button type="button" class="plain" onClick={() => copy('Link', address())}>
        Copy link
      </button>
      <button type="button" class="plain" onClick={() => copy('Frame', frame())}>
        Embed
      </button>
      <button
        type="button"
        class="plain"
        onClick={async () => {
          const made = await picture(document.querySelector('#figure')!)
          if (made) save(made.name, made.content)
        }}
      >
        Save picture
      </button>
      <output>{said.value}</output>
    </div>
  )
}
