// The map of the race, and who is where.

import { Graph, pathOf } from '../../draw/graph'
import { Handle } from '../../draw/handle'
import { landscapes } from '../../draw/landscapes'
import { Shade } from '../../draw/shade'
import { bound } from '../../page/bound'
import { Choice } from '../../page/choice'
import { Player } from '../../page/player'
import { Slider } from '../../page/slider'
import * as model from './model'

export function Figure() {
  const { range } = model.landscape.value
  return (
    <>
      <Graph
        label={`The race on ${model.landscape.value.name}`}
        range={range}
        aspect={0.62}
        names={{ x: 'a', y: 'b' }}
        interactive
      >
        {(view) => (
          <>
            <Shade view={view} range={range} depth={model.depth.value} />
            <g clip-path={view.clip}>
              {model.runs.value.map(({ asked }, i) => {
                const path = asked.slice(0, model.shown.value).map(({ x }) => x)
                const [cx, cy] = pathOf(view, path.slice(-1)).split(',')
                return (
                  <g key={i} class={`racer racer${i}`}>
                    <polyline points={pathOf(view, path)} />
                    {cx && <circle cx={cx} cy={cy} r={6} />}
                  </g>
                )
              })}
              {model.theirs.value && (
                <circle
                  class="theirs"
                  cx={view.x(model.theirs.value[0]!)}
                  cy={view.y(model.theirs.value[1]!)}
                  r={10}
                />
              )}
            </g>
            <Handle
              label="The start"
              view={view}
              range={range}
              at={model.start.value}
              move={(to) => {
                model.begun.value = [to]
                model.gradients.value = -1
              }}
            />
          </>
        )}
      </Graph>
      <Player
        name="Gradients of each:"
        last={model.last}
        shown={model.shown}
        show={(count) => {
          model.gradients.value = count
        }}
      />
      <Standings />
      <div class="controls">
        <Choice
          label="Surface"
          value={model.place.value}
          from={{
            bowl: landscapes.bowl.name,
            ravine: landscapes.ravine.name,
            banana: landscapes.banana.name,
          }}
          set={model.choose}
        />
        <Slider
          label="Learning rate ε of the first two"
          {...bound(model.rate)}
          least={0.0001}
          most={1}
          stride={0.01}
          logarithmic
        />
      </div>
    </>
  )
}

function Standings() {
  if (model.runs.value.length === 0) return <p class="story">Racing …</p>
  return (
    <table class="standings">
      <caption>The value after as many gradients as are shown</caption>
      <thead>
        <tr>
          <th scope="col">Algorithm</th>
          <th scope="col">Value</th>
          <th scope="col">Arrived after</th>
        </tr>
      </thead>
      <tbody>
        {model.runs.value.map(({ racer, asked, arrival, reason }, i) => {
          const now = asked[Math.min(model.shown.value, asked.length) - 1]
          return (
            <tr key={racer.name} data-arrival={arrival ?? ''}>
              <th scope="row">
                <span class={`sample racer${i}`} aria-hidden="true" /> {racer.name}
              </th>
              <td>{now ? short(now.value) : '–'}</td>
              <td>
                {arrival
                  ? `${arrival} ${arrival === 1 ? 'gradient' : 'gradients'}`
                  : reason === 'diverged'
                    ? 'diverged'
                    : 'not yet'}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const short = (value: number) =>
  value >= 0.01 && value < 1e4
    ? String(Number(value.toPrecision(2)))
    : value.toExponential(1).replace('-', '−')
