// A chapter's page: the same parts in the same order, whatever the chapter.
import type { Entry } from '../chapters'
import { Program } from '../program/program'
import { Breaks } from './breaks'
import type { Chapter } from './chapter'
import { problem } from './engine'
import { Exercise } from './exercise'
import { Formula } from './formula'
import { Neighbours } from './neighbours'
import { OwnData } from './ownData'
import { Panel } from './panel'
import { CopyLink, Embed, SavePicture } from './share'
import { Speed } from './speed'
import { embedded } from './url'

export function Page({ entry, chapter }: { entry: Entry; chapter: Chapter }) {
  const { Figure, Idea, Values, More } = chapter
  const failure = problem.value && (
    <p class="problem" role="alert">
      {problem.value}
    </p>
  )
  const figure = (
    <section class="panel" id="figure" aria-label="The live model">
      <Figure />
      {failure}
      <div class="under-figure">
        <Speed />
        {!embedded && (
          <div class="taken">
            <CopyLink />
            <Embed view="figure" title={entry.title} />
            <SavePicture />
          </div>
        )}
      </div>
    </section>
  )
  if (embedded && embedded !== 'figure' && More) {
    return (
      <main>
        <More />
        {failure}
      </main>
    )
  }
  if (embedded) return <main>{figure}</main>
  return (
    <>
      <header>
        <div>
          <a class="back" href=".">
            Hebb playground
          </a>
          <h1>{entry.title}</h1>
        </div>
      </header>
      <main class="chapter">
        <div class="idea">
          <Idea />
        </div>
        {figure}
        <div class="side">
          <Panel id="formula" title="The formula">
            <Formula html={chapter.formula} />
            {Values && <Values />}
          </Panel>
          <Exercise exercise={chapter.exercise} />
          <Breaks breaks={chapter.breaks} />
          {chapter.data && <OwnData data={chapter.data} />}
        </div>
        {More && <More />}
        <Program chapter={chapter} />
      </main>
      <Neighbours entry={entry} />
    </>
  )
}
