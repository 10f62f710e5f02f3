// The first page: all chapters.
import { chapters } from './chapters'
import { Speed } from './page/speed'
import { SketchOf } from './sketches'

export function Home() {
  return (
    <>
      <header>
        <div>
          <h1>Hebb playground</h1>
          <p>
            Neural networks to touch: one page for each chapter of the course. All is computed in this
            browser; nothing that you draw, type or load leaves it.
          </p>
        </div>
      </header>
      <main>
        <ol class="chapters">
          {chapters.map(({ id, title, about }, i) => (
            <li key={id}>
              <a href={`?chapter=${id}`}>
                <SketchOf id={id} />
                <h2>
                  <small>{i + 1}</small> {title}
                </h2>
                <p>{about}</p>
              </a>
            </li>
          ))}
        </ol>
      </main>
      <footer>
        <Speed />
      </footer>
    </>
  )
}
