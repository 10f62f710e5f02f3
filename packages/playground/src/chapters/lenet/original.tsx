// The network of 1998 beside today's.
import { Plane } from '../../draw/plane'
import { Panel } from '../../page/panel'
import { reading } from './paper'

const [WIDTH, HEIGHT] = [7, 12]
/** The outputs of F6 lie between −1.7159 and 1.7159, and those of a drawing are −1 and 1. */
const MOST = 1.2

export function Original() {
  const { value: now } = reading
  if (!now) return null
  const { digit, probability, drawing } = now
  return (
    <Panel id="original" title="The network of 1998" view>
      <div class="original">
        <Plane data={drawing} width={WIDTH} height={HEIGHT} most={MOST} />
        <div>
          <p>
            The network that was published has another end. Its layer F6 has 84 units, as many as a picture of
            7 × 12 has pixels, and is trained to <b>draw</b> the digit in print. The output layer compares
            this picture with ten fixed ones, and the nearest is the answer.
          </p>
          <p id="read-1998" role="status" data-digit={digit}>
            It draws this, which is nearest to {digit === 8 ? 'an' : 'a'} <b>{digit}</b>:{' '}
            {(100 * probability).toFixed(0)} %.
          </p>
        </div>
      </div>
    </Panel>
  )
}
