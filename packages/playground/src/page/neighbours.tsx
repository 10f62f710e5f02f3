import { chapters, type Entry } from '../chapters'

/** The ways on: the chapters before and after. */
export function Neighbours({ entry }: { entry: Entry }) {
  const at = chapters.indexOf(entry)
  const [before, after] = [chapters[at - 1], chapters[at + 1]]
  return (
    <footer>
      <nav aria-label="Chapters">
        {before && <a href={`?chapter=${before.id}`}>← {before.title}</a>}
        <a href=".">All chapters</a>
        {after && <a href={`?chapter=${after.id}`}>{after.title} →</a>}
      </nav>
    </footer>
  )
}
