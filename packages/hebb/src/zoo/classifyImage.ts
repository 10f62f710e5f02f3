import type { ImageSource } from '../data/images/openImage'
import { prepare } from '../data/images/prepare'
import { HebbError } from '../errors'
import { type ClassScore, toClassScores } from '../network/classify'
import type { Predictor } from '../network/predictor'
import { checkKeys, checkWhole } from '../options'

/**
 * The likeliest classes of an image: a path (Node), a URL, a `File`, pixels, a canvas or a video. The image is prepared as the
 * network's `preprocessing` says; of ten parts the outputs are averaged, as in AlexNet's paper. `top` is the number of classes,
 * by default 1.
 *
 * @example const [first] = await classifyImage(await alexnet({ weights: 'alexnet.safetensors' }), 'cat.jpg', { top: 5 })
 * @throws HebbError `option` if the network has no preprocessing; `file`, `data`, `shape`
 */
export async function classifyImage<A extends number | undefined>(
  net: Predictor<A>,
  image: ImageSource,
  options: { top?: number } = {},
): Promise<ClassScore<A>[]> {
  const who = 'classifyImage'
  checkKeys(who, options, ['top'])
  const top = checkWhole(who, 'top', options.top ?? 1, 1)
  const { preprocessing } = net.spec
  if (!preprocessing)
    throw new HebbError(
      'option',
      `${who}: the network does not know how images are prepared for it; give network(…, { preprocessing: datasets.preprocessing({ … }) }), or use classify`,
    )
  const x = await prepare(image, preprocessing)
  if (!preprocessing.tenCrop) return net.classify(x, { top })
  const { data, shape } = await net.predict(x)
  const [parts, classes] = shape as [number, number]
  const values = Float32Array.from({ length: classes }, (_, k) => {
    let sum = 0
    for (let part = 0; part < parts; part++) sum += data[part * classes + k]!
    return sum / parts
  })
  const probable = net.description.outputs[0]!.activation === 'softmax'
  return toClassScores({ threshold: undefined, probable, values }, net.classes, top) as ClassScore<A>[]
}
