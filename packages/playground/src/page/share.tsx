// Takes the figure along: a link to exactly this state, a part of the page for another page, a picture.
import { useSignal } from '@preact/signals'
import { picture } from './picture'
import { save } from './save'
import { address } from './url'

export function CopyLink() {
  return <Copy name="Copy link" what="Link" text={() => address()} />
}

/** A frame for another page, with a part of this one. */
export function Embed({ view, title }: { view: string; title: string }) {
  const frame = () =>
    `<iframe src="${address(view).replaceAll('&', '&amp;')}" title="${title}" width="680" height="620"></iframe>`
  return <Copy name="Embed" what="Frame" text={frame} />
}

export function SavePicture() {
  return (
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
  )
}

/** Copies a text, or shows it where the browser forbids that. */
function Copy({ name, what, text }: { name: string; what: string; text: () => string }) {
  const said = useSignal('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      said.value = `${what} copied`
    } catch {
      said.value = text()
    }
  }
  return (
    <>
      <button type="button" class="plain" onClick={copy}>
        {name}
      </button>
      <output>{said.value}</output>
    </>
  )
}
