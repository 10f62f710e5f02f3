// The reader's changes outlive the page: a program that fills the memory ends the whole page with it, and none can be told to stop first.
import { chapterAsked } from '../page/url'

/** A changed program, and whether it was running when it was last written. */
export interface Draft {
  text: string
  running: boolean
}

const NAME = `program of ${chapterAsked ?? 'the first page'}`

/** The changed program of this chapter in this tab, from before the page was loaded; it no longer runs. */
export function readDraft(): Draft | undefined {
  try {
    const text = sessionStorage.getItem(NAME)
    if (text === null) return undefined
    const draft = JSON.parse(text) as Draft
    writeDraft({ ...draft, running: false })
    return draft
  } catch {
    // Browsers may forbid pages to store anything.
    return undefined
  }
}

/** Keeps a changed program, or forgets it. */
export function writeDraft(draft: Draft | undefined): void {
  try {
    if (draft) sessionStorage.setItem(NAME, JSON.stringify(draft))
    else sessionStorage.removeItem(NAME)
  } catch {}
}
