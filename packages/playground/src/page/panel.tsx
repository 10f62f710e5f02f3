import type { ComponentChildren } from 'preact'
import { Embed } from './share'
import { embedded } from './url'

interface Props {
  id: string
  title: string
  /** Whether it makes sense alone, in another page. */
  view?: boolean
  children: ComponentChildren
}

/** A part of the page, named by its heading. */
export function Panel({ id, title, view, children }: Props) {
  if (embedded && embedded !== id) return null
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
      {view && !embedded && (
        <div class="taken">
          <Embed view={id} title={title} />
        </div>
      )}
    </section>
  )
}
