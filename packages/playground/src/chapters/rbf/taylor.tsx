// Which degree a polynomial needs to be the kernel.
import { Graph, pathOf } from '../../draw/graph'
import { Handle } from '../../draw/handle'
import { bound } from '../../page/bound'
import { Panel } from '../../page/panel'
import { Slider } from '../../page/slider'
import * as cut from './cut'
import { RANGES } from './samples'

const RANGE = { x: RANGES.curve.x, y: [-0.3, 1.3] } as const
const [, EDGE] = RANGE.x

export function Taylor() {
  const { value: shown } = cut.shown
  const at = cut.center.value
  return (
    <Panel id="taylor" title="The kernel as a polynomial" view>
      <p class="prose">
        The coordinates of this kernel have no end: they are, but for a factor, all powers of x. Cut off after
        a degree, the sum is right near 0 and wrong far from it. The narrower the kernel, the more powers it
        takes.
      </p>
      <Graph
        label="The kernel around a center, and the polynomial"
        range={RANGE}
        aspect={0.4}
        names={{ x: 'x', y: 'K(x, c)' }}
        interactive
      >
        {(view) => (
          <>
            <g clip-path={view.clip}>
              {shown && (
                <>
                  <polyline
                    class="theirs"
                    points={pathOf(
                      view,
                      cut.PLACES.map((x, i) => [x, shown.kernel[i]!]),
                    )}
                  />
                  <polyline
                    class="line"
                    points={pathOf(
                      view,
                      cut.PLACES.map((x, i) => [x, shown.polynomial[i]!]),
                    )}
                  />
                </>
              )}
            </g>
            <Handle
              label={`The center c at ${at}`}
              view={view}
              range={RANGE}
              at={[at, 0]}
              horizontal
              move={([x]) => {
                cut.center.value = x
              }}
            />
          </>
        )}
      </Graph>
      <p class="prose" role="status" data-needed={shown?.needed}>
        {shown && (
          <>
            The wide line is the kernel of width σ = {shown.sigma} around c, the thin one its powers up to{' '}
            {shown.degree}. To have all but a hundredth of K(x, x) at the edge, x = {EDGE}, takes{' '}
            {shown.needed === undefined
              ? 'a polynomial of a degree above 1000'
              : `a polynomial of degree ${shown.needed}`}
            , where (x/σ)² is {Number(((EDGE / shown.sigma) ** 2).toPrecision(3))}.
          </>
        )}
      </p>
      <div class="controls">
        <Slider label="Degree" {...bound(cut.degree)} least={0} most={cut.MOST_DEGREE} stride={1} />
        <Slider label="Width σ" {...bound(cut.width)} least={0.1} most={10} stride={0.02} logarithmic />
      </div>
    </Panel>
  )
}
