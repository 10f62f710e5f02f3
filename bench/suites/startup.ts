// The time to the first answer: a program or a page starts, loads the library, builds LeNet-5 and predicts or trains. The
// browser is already running.
import type { Model } from '../harness/work.ts'
import { lenet } from './lenet.ts'
import type { Suite } from './suite.ts'

const work = (name: string) => lenet.cases.find((one) => one.name === name)!.work as Model

export const startup: Suite = {
  name: 'startup',
  about: 'Starts until the first image was classified, or three steps were trained, with LeNet-5',
  unit: 'starts/s',
  anew: true,
  cases: [
    { name: 'first answer', work: { ...work('infer b1'), batch: 1 } },
    { name: 'first steps', work: work('train b32') },
  ],
}
