// The lift: what no line parts on a plane, a plane parts in space, and back on the plane it is a curve.

import { Points } from '../../draw/points'
import { bound } from '../../page/bound'
import { Choice } from '../../page/choice'
import { Panel } from '../../page/panel'
import { Slider } from '../../page/slider'
import { contour } from './contour'
import * as lifting from './lifting'
import { RANGES } from './samples'
import { Space } from './space'

const { boundary: RANGE } = RANGES

export function Lift() {
  const { value: found } = lifting.found
  const { value: height } = lifting.height
  const plane = found?.feature === lifting.feature.value ? found : undefined
  const look = (turn: number, tilt: number) => {
    lifting.turn.value = Math.round(((turn + 540) % 360) - 180)
    lifting.tilt.value = Math.round(Math.max(0, Math.min(90, tilt)))
  }
  return (
    <Panel id="lift" title="The lift into space, and back" view>
      <p class="prose">
        No line parts the disc from the ring. Give every point a third coordinate z, made of the two that it
        has, and a flat plane can part them: a perceptron of three inputs finds it. Where the plane meets the
        surface of all lifted places is the border, and seen from above it is a curve. A radial basis network
        does this with one coordinate for each of its functions.
      </p>
      <div class="lift-views">
        <figure>
          <figcaption>In space: drag to turn it</figcaption>
          <Space
            label="The lifted points, and the plane between the classes"
            points={lifting.points.value}
            range={RANGE}
            height={height}
            plane={plane}
            turn={lifting.turn.value}
            tilt={lifting.tilt.value}
            look={look}
          />
        </figure>
        <figure>
          <figcaption>From above: drag the points</figcaption>
          <Points
            label="The points on the plane, and the border between the classes"
            points={lifting.points.value}
            range={RANGE}
            adding={1}
            change={lifting.show}
          >
            {(view) =>
              plane && (
                <path
                  class="line"
                  d={contour(
                    (x, y) => plane.w[0]! * x + plane.w[1]! * y + plane.w[2]! * height(x, y) + plane.b,
                    RANGE.x,
                    RANGE.y,
                  )
                    .map(([a, b]) => `M${view.x(a[0])},${view.y(a[1])}L${view.x(b[0])},${view.y(b[1])}`)
                    .join('')}
                />
              )
            }
          </Points>
        </figure>
      </div>
      <p class="prose" role="status" data-parts={plane?.parts}>
        {plane && <Verdict {...plane} />}
      </p>
      <div class="controls">
        <Choice label="z is" {...bound(lifting.feature)} from={lifting.FEATURES} />
        <Slider label="Turned by (degrees)" {...bound(lifting.turn)} least={-180} most={180} stride={1} />
        <Slider label="Seen from above (degrees)" {...bound(lifting.tilt)} least={0} most={90} stride={1} />
      </div>
    </Panel>
  )
}

function Verdict({ w, b, parts, corrections, accuracy }: lifting.Found) {
  if (!parts) {
    return (
      <>
        The perceptron found no plane that parts them. Its best one has {Math.round(100 * accuracy)} % of the
        points on their side.
      </>
    )
  }
  const [w1, w2, w3] = w.map(signed)
  return (
    <>
      The plane {`${w1} x₁ ${w2} x₂ ${w3} z ${signed(b)} = 0`.replace(/^\+ /, '')} parts them. It was found
      after {corrections} corrections.
    </>
  )
}

const signed = (value: number) => `${value < 0 ? '−' : '+'} ${Number(Math.abs(value).toPrecision(3))}`
