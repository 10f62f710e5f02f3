// f and f′ with a place to drag, and what becomes of them in a deep network.

import { Graph, pathOf } from '../../draw/graph'
import { Handle } from '../../draw/handle'
import { bound } from '../../page/bound'
import { Choice } from '../../page/choice'
import { Slider } from '../../page/slider'
import * as model from './model'

export function Figure() {
  const names = Object.fromEntries(model.KINDS.map((kind) => [kind, kind])) as Record<model.Kind, string>
  return (
    <>
      <Curves />
      <Facts />
      <div class="controls">
        <Choice label="Activation" {...bound(model.kind)} from={names} />
        <Slider label="Hidden layers" {...bound(model.layers)} least={1} most={12} stride={1} />
        <button
          type="button"
          onClick={() => {
            model.seed.value += 1
          }}
        >
          Other weights
        </button>
      </div>
      <div class="deep">
        <Answer />
        <Deltas />
      </div>
    </>
  )
}

function Curves() {
  const { value: described } = model.described
  const points = (values: ArrayLike<number>) => model.grid.map((x, i) => [x, values[i]!] as const)
  const { value: x } = model.x
  return (
    <Graph
      label={`The activation ${model.kind.value} and its derivative`}
      range={model.RANGE}
      aspect={0.5}
      names={{ x: 'net', y: '' }}
      interactive
    >
      {(view) =>
        described && (
          <>
            <g clip-path={view.clip}>
              <polyline class="slope" points={pathOf(view, points(described.facts.derivative!))} />
              <polyline class="line" points={pathOf(view, points(described.facts.value))} />
              <line
                class="before"
                x1={view.x(x)}
                x2={view.x(x)}
                y1={view.y(model.RANGE.y[0])}
                y2={view.y(model.RANGE.y[1])}
              />
              <circle class="at-slope" cx={view.x(x)} cy={view.y(described.slope)} r={6} />
              <circle class="at-value" cx={view.x(x)} cy={view.y(described.value)} r={6} />
            </g>
            <Handle
              label={`The net input, ${x}`}
              view={view}
              range={model.RANGE}
              at={[x, model.RANGE.y[0]]}
              horizontal
              move={([x]) => {
                model.x.value = x
              }}
            />
          </>
        )
      }
    </Graph>
  )
}

function Facts() {
  const { value: described } = model.described
  if (!described) return <p class="story">Computing …</p>
  const { facts, value, slope } = described
  const [least, most] = facts.range ?? [Number.NaN, Number.NaN]
  return (
    <div class="story short" data-kind={described.kind}>
      <ul class="legend">
        <li class="f">
          f({short(model.x.value)}) = {short(value)}
        </li>
        <li class="train">
          f′({short(model.x.value)}) = {short(slope)}
        </li>
      </ul>
      <p>
        f lies between {short(least)} and {short(most)}; |f′| is at most {short(facts.bound ?? Number.NaN)}
        {facts.kinks &&
          facts.kinks.length > 0 &&
          `; without derivative at ${facts.kinks.map(short).join(', ')}`}
        .
      </p>
    </div>
  )
}

function Answer() {
  const { value: deep } = model.deep
  const points = (values: ArrayLike<number>) => model.grid.map((x, i) => [x, values[i]!] as const)
  const least = Math.min(...(deep?.outputs ?? [0]))
  const most = Math.max(...(deep?.outputs ?? [0]))
  // A nearly constant answer is to look like one.
  const room = Math.max(0.1 * (most - least), 0.05)
  const range = { x: [-5, 5], y: [least - room, most + room] } as const
  return (
    <figure>
      <figcaption>
        What a network answers: {model.layers.value} hidden {model.layers.value === 1 ? 'layer' : 'layers'} of
        16 units, random weights
      </figcaption>
      <Graph
        label="The answer of a deep network to its input"
        range={range}
        aspect={0.6}
        names={{ x: 'x', y: 'y' }}
      >
        {(view) => (
          <g clip-path={view.clip}>
            {model.theirs.value && (
              <polyline class="theirs" points={pathOf(view, points(model.theirs.value))} />
            )}
            {deep && <polyline class="line" points={pathOf(view, points(deep.outputs))} />}
          </g>
        )}
      </Graph>
    </figure>
  )
}

function Deltas() {
  const deltas = model.deep.value?.deltas ?? []
  const most = Math.max(...deltas, 1e-30)
  return (
    <figure>
      <figcaption>The mean |δ| in each hidden layer, from the first to the last</figcaption>
      <ol class="bars deltas">
        {deltas.map((delta, i) => (
          <li key={i}>
            <span>{i + 1}</span>
            <span class="track" aria-hidden="true">
              <span class="bar" style={{ width: `${(100 * delta) / most}%` }} />
            </span>
            <span class="share">{short(delta)}</span>
          </li>
        ))}
      </ol>
    </figure>
  )
}

function short(value: number): string {
  if (Number.isNaN(value)) return 'unknown'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const small = value !== 0 && Math.abs(value) < 0.001
  return (small ? value.toExponential(1) : String(Number(value.toPrecision(3)))).replaceAll('-', '−')
}
