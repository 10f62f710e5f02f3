// The neuron's line between the four rows of a truth table.

import { Graph, pathOf } from '../../draw/graph'
import { halfPlane } from '../../draw/halfPlane'
import { bound } from '../../page/bound'
import { Choice } from '../../page/choice'
import { Slider } from '../../page/slider'
import * as model from './model'

const RANGE = { x: [-0.5, 1.5], y: [-0.5, 1.5] } as const

export function Figure() {
  const { gate, w1, w2, threshold } = model
  const wanted = model.GATES[gate.value]
  return (
    <>
      <div class="gate">
        <Graph
          label={`The plane of the inputs: the neuron fires where ${w1.value} x₁ + ${w2.value} x₂ is at least ${threshold.value}`}
          range={RANGE}
          aspect={0.9}
          names={{ x: 'x₁', y: 'x₂' }}
        >
          {(view) => {
            const { fires, line } = halfPlane(RANGE, [w1.value, w2.value, -threshold.value])
            return (
              <>
                <polygon class="fires" points={pathOf(view, fires)} />
                <polyline class="line" points={pathOf(view, line)} />
                {model.TABLE.map(([x, y], i) => (
                  <g
                    key={i}
                    class={`point class${wanted[i]}`}
                    transform={`translate(${view.x(x)} ${view.y(y)})`}
                  >
                    {wanted[i] ? (
                      <circle class="mark" r={11} />
                    ) : (
                      <rect class="mark" x={-10} y={-10} width={20} height={20} />
                    )}
                    {model.answers.value && model.answers.value[i] !== wanted[i] && (
                      <circle class="ring" r={18} />
                    )}
                  </g>
                ))}
              </>
            )
          }}
        </Graph>
        <Table />
      </div>
      <div class="controls">
        <Choice
          label="The gate to be"
          {...bound(gate)}
          from={{ and: 'AND', or: 'OR', nand: 'NAND', nor: 'NOR', xor: 'XOR' }}
        />
        {[
          { label: 'Weight w₁', own: w1, most: 2 },
          { label: 'Weight w₂', own: w2, most: 2 },
          { label: 'Threshold θ', own: threshold, most: 4 },
        ].map(({ label, own, most }) => (
          <Slider key={label} label={label} {...bound(own)} least={-most} most={most} stride={0.1} />
        ))}
      </div>
    </>
  )
}

function Table() {
  const { w1, w2, threshold, answers, theirs, gate, right } = model
  return (
    <div>
      <table class="truth" data-right={right.value}>
        <caption>● is to fire, ■ is not; a ring marks a mistake.</caption>
        <thead>
          <tr>
            <th scope="col">x₁</th>
            <th scope="col">x₂</th>
            <th scope="col">net</th>
            <th scope="col">y</th>
            <th scope="col">{gate.value.toUpperCase()}</th>
            {theirs.value && <th scope="col">yours</th>}
          </tr>
        </thead>
        <tbody>
          {model.TABLE.map(([x1, x2], i) => {
            const wanted = model.GATES[gate.value][i]
            const answer = answers.value?.[i]
            return (
              <tr key={i} class={answer === wanted ? '' : 'false'}>
                <td>{x1}</td>
                <td>{x2}</td>
                <td>{net(w1.value * x1 + w2.value * x2)}</td>
                <td>{answer ?? '…'}</td>
                <td>{wanted}</td>
                {theirs.value && <td>{theirs.value[i]}</td>}
              </tr>
            )
          })}
        </tbody>
      </table>
      <p class="aside">
        It fires if net ≥ θ = {net(threshold.value)}. {right.value} of 4 rows are right.
      </p>
    </div>
  )
}

/** All digits where rounding shows. */
const net = (value: number) => String(value).replace('-', '−')
