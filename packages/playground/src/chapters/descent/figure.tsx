// The way down, on a curve or on a map.

import { Graph, pathOf, type Range, type View } from '../../draw/graph'
import { Handle } from '../../draw/handle'
import { landscapes, type Place } from '../../draw/landscapes'
import { Shade } from '../../draw/shade'
import { bound } from '../../page/bound'
import { Choice } from '../../page/choice'
import { Player } from '../../page/player'
import { Slider } from '../../page/slider'
import * as model from './model'

export function Figure() {
  const { range, variables } = model.landscape.value
  const names = Object.fromEntries(model.NAMES.map((name) => [name, landscapes[name].name])) as Record<
    Place,
    string
  >
  return (
    <>
      <Graph
        label={`The way down ${model.landscape.value.name}`}
        range={range}
        aspect={0.62}
        names={variables === 1 ? { x: 'x', y: 'f(x)' } : { x: 'a', y: 'b' }}
        interactive
      >
        {(view) =>
          variables === 1 ? <Curve view={view} range={range} /> : <Surface view={view} range={range} />
        }
      </Graph>
      <Player
        name="Step"
        last={model.last}
        shown={model.shown}
        show={(step) => {
          model.step.value = step
        }}
      />
      <Story />
      <div class="controls">
        <Choice label="Landscape" value={model.place.value} from={names} set={model.choose} />
        <Slider
          label="Learning rate ε"
          {...bound(model.rate)}
          least={0.001}
          most={3}
          stride={0.01}
          logarithmic
        />
        <Slider label="Momentum α" {...bound(model.momentum)} least={0} most={0.95} stride={0.05} />
      </div>
    </>
  )
}

interface Shown {
  view: View
  range: Range
}

function move(to: [number, number]): void {
  model.begun.value = [to]
  model.step.value = -1
}

const taken = () => model.found.value?.steps.slice(0, model.shown.value + 1) ?? []

function Curve({ view, range }: Shown) {
  const { f } = model.landscape.value
  const [from, to] = range.x
  const curve = Array.from({ length: 201 }, (_, i) => {
    const x = from + (i / 200) * (to - from)
    return [x, f([x])] as const
  })
  const path = taken().map(({ x, value }) => [x[0]!, value] as const)
  const now = taken().at(-1)
  // T(x) = tangent + slope · x.
  const tangent = now && range.x.map((x) => [x, now.tangent + now.gradient[0]! * x] as const)
  const [x] = model.start.value
  return (
    <>
      <g clip-path={view.clip}>
        <polyline class="curve" points={pathOf(view, curve)} />
        {tangent && <polyline class="before" points={pathOf(view, tangent)} />}
        <Way view={view} path={path} />
      </g>
      <Handle
        label="The start"
        view={view}
        range={range}
        at={[x, f([x])]}
        horizontal
        move={([x]) => move([x, 0])}
      />
    </>
  )
}

function Surface({ view, range }: Shown) {
  const path = taken().map(({ x }) => [x[0]!, x[1]!] as const)
  return (
    <>
      <Shade view={view} range={range} depth={model.depth.value} />
      <g clip-path={view.clip}>
        <Way view={view} path={path} />
        {model.theirs.value && (
          <circle
            class="theirs"
            cx={view.x(model.theirs.value[0]!)}
            cy={view.y(model.theirs.value[1]!)}
            r={10}
          />
        )}
      </g>
      <Handle label="The start" view={view} range={range} at={model.start.value} move={move} />
    </>
  )
}

function Way({ view, path }: { view: View; path: readonly (readonly [number, number])[] }) {
  return (
    <>
      <polyline class="way" points={pathOf(view, path)} />
      {path.map((at, i) => {
        const [cx, cy] = pathOf(view, [at]).split(',')
        const now = i === path.length - 1
        return <circle key={i} class={now ? 'stop now' : 'stop'} cx={cx} cy={cy} r={now ? 6 : 3} />
      })}
    </>
  )
}

function Story() {
  const { value: found } = model.found
  if (!found) return <p class="story">Descending …</p>
  const now = found.steps[model.shown.value]!
  const numbers = (all: ArrayLike<number>) => Array.from(all, three).join(', ')
  return (
    <div class="story" data-reason={found.reason} data-steps={model.last.value}>
      <p>
        Step {now.step}: at ({numbers(now.x)}) the value is <b>{three(now.value)}</b>, the gradient (
        {numbers(now.gradient)}
        ).
      </p>
      {model.shown.value === model.last.value && (
        <p class={found.reason === 'diverged' ? 'problem' : ''}>
          {found.reason === 'steps' ? `All ${model.MOST_STEPS} steps are used.` : sentence(found.explanation)}
        </p>
      )}
    </div>
  )
}

const three = (value: number) => {
  const text = Math.abs(value) >= 1e5 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
  return text.replaceAll('-', '−')
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
