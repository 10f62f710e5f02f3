// The discrete Hopfield network is a memory that falls.
import { computed } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import { Capacity } from './capacity'
import { cellsOfFile, decode } from './cells'
import { Figure } from './figure'
import formula from './formula.tex'
import { isMixture } from './meaning'
import * as model from './model'
import { program, take } from './program'
import { figure } from './story'

export { begin } from './model'

const alphabet = (names: string) => Array.from(names, (name) => decode(name, model.side.value))

/** A letter whose lower half is turned. */
const halfTurned = () => decode('H', model.side.value).map((y, i, all) => (i < all.length / 2 ? y : -y))

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  More: Capacity,
  Idea: () => (
    <p>
      Hopfield's network (1982) is a memory that is asked with a part of what it knows. Every cell is a unit,
      and every unit is connected to all others. One unit after another takes the value that the others ask
      for, and the energy falls until nothing changes. <b>Draw on the cue</b>, disturb it or cover a half, and
      see which picture is recalled.
    </p>
  ),
  Values: () => {
    const unit = model.recalled.value?.told[model.shown.value - 1]?.unit
    if (!unit) return null
    const { number, net, output, before } = unit
    const delta = output - before
    return (
      <p class="values">
        Change {model.shown.value}, i = {number + 1}: Σ w<sub>ij</sub>y<sub>j</sub> = {figure(net)}, Δy ={' '}
        {figure(delta)}
        {model.rule.value !== 'dense' && <>, ΔE = {figure(-delta * net)}</>}.
      </p>
    )
  },
  breaks: [
    {
      name: 'Store too much',
      act: () => {
        model.rule.value = 'hebb'
        model.showStored(alphabet('HEBSXOTZ'))
        model.showCue(decode('E', model.side.value))
      },
      Why: () => (
        <p>
          Eight letters of {model.units.value} units are more than Hebb's rule holds, because letters resemble
          each other. The sign of it: the E is not recalled, although the cue has no error. Press the other
          letters too. The pseudo-inverse and flow hold them all: compare what each rule recalls.
        </p>
      ),
    },
    {
      name: 'Two that look alike',
      act: () => {
        model.rule.value = 'hebb'
        model.showStored(alphabet('EFB'))
        model.showCue(decode('F', model.side.value))
      },
      Why: () => (
        <p>
          E, F and B differ in a few cells only. What they have in common is stored three times, and F falls
          into E although it was asked for without an error. The pseudo-inverse stores what is different, and
          keeps all three.
        </p>
      ),
    },
    {
      name: 'All units at once',
      act: () => {
        model.rule.value = 'hebb'
        model.order.value = 'synchronous'
        model.showStored(alphabet('H'))
        model.showCue(halfTurned())
      },
      Why: () => (
        <p>
          Every unit follows what the others were, not what they are: all turn, and turn back, for ever. Half
          of the cue agrees with the H and half with its reverse. The energy only falls for certain if one
          unit changes after another.
        </p>
      ),
    },
  ],
  exercise: {
    Task: () => (
      <p>
        Find a <b>spurious state</b>: a cue that comes to rest in a state that is none of the stored pictures
        and no reverse of one. Store at most three pictures.
      </p>
    ),
    verdict: computed(() => {
      const { value: now } = model.recalled
      if (!now) return { solved: false, text: 'Not yet.' }
      const few = model.patterns.value.length <= 3
      if (isMixture(now)) {
        return few
          ? { solved: true, text: 'A state that nobody stored: solved.' }
          : { solved: false, text: 'That is one, but more than three pictures are stored.' }
      }
      return { solved: false, text: 'Not yet. What would lie between all three pictures?' }
    }),
  },
  data: {
    accept: 'image/*',
    hint: 'A picture: it becomes black and white, is stored, and is shown as the cue. 50 × 50 units show most of it.',
    load: async (file) => {
      const cells = await cellsOfFile(file, model.side.value)
      model.showStored([...model.patterns.value, cells])
      model.showCue(cells)
    },
    save: {
      name: 'memory.safetensors',
      content: async () => (await model.memoryOf(model.rule.value)).toBytes(),
    },
  },
}
