import type { ComponentChildren } from 'preact'

/** A part of the page, named by its heading. */
export function Panel(props: { id: string; title: string; children: ComponentChildren }) {
  const { id, title, children } = props
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  )
}
