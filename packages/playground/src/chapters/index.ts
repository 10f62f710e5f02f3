// All chapters, in the order of the course.
import type { Chapter } from '../page/chapter'

export interface Entry {
  /** Its name in the address: `?chapter=perceptron`. */
  id: string
  title: string
  /** What one can do there, in a sentence. */
  about: string
  load: () => Promise<{
    chapter: Chapter
    /** Called when the engine has started. */
    begin: () => void | Promise<void>
  }>
}

export const chapters: readonly Entry[] = [
  {
    id: 'perceptron',
    title: 'The perceptron',
    about: 'Drag points and watch the line that separates them move, one correction after another.',
    load: () => import('./perceptron'),
  },
  {
    id: 'lenet',
    title: 'LeNet-5',
    about: 'Draw a digit and follow it through every layer; train the network anew in a few seconds.',
    load: () => import('./lenet'),
  },
]
