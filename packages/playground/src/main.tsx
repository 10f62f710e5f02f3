import 'katex/dist/katex.min.css'
import './styles/style.css'
import './styles/page.css'
import './styles/controls.css'
import './styles/figures.css'
import './styles/code.css'
import { render } from 'preact'
import { chapters } from './chapters'
import { Home } from './home'
import { engine, guarded, start } from './page/engine'
import { Page } from './page/page'
import { chapterAsked, embedded } from './page/url'

const place = document.getElementById('app')!
const entry = chapters.find(({ id }) => id === chapterAsked)

if (!entry) {
  render(<Home />, place)
  guarded(start)
} else {
  document.title = `${entry.title} · Hebb playground`
  document.body.classList.toggle('embedded', embedded !== null)
  const started = guarded(start)
  const { chapter, begin } = await entry.load()
  render(<Page entry={entry} chapter={chapter} />, place)
  await started
  if (engine.value) await guarded(begin)
}
