import { openModel } from './model'
import type { Report } from './report'

/** The layers of a network. */
export async function summary(model: string, options: { input?: number[] }): Promise<Report> {
  const { net, reading } = await openModel(model, options)
  const { spec, parameters, multiplyAdds, outputs, classes } = net
  const { input, layers } = spec
  const known = classes ? `\nclasses: ${classes.join(', ')}` : ''
  return {
    json: { input, outputs, parameters, multiplyAdds, classes, data: reading, layers },
    text: net.summary() + known,
  }
}
