import { extname } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { checkPlace, openModel, saveModel } from './model'
import { type Report, rows } from './report'

/** Writes a network in the other format. */
export async function convert(from: string, to: string, options: { input?: number[] }): Promise<Report> {
  checkPlace(to)
  if (extname(from).toLowerCase() === extname(to).toLowerCase())
    throw new InvalidArgumentError(`${from} and ${to} are of the same kind: nothing is to be done`)
  const model = await openModel(from, options)
  await saveModel(model, to)
  const { parameters } = model.net
  return { json: { from, to, parameters }, text: rows({ saved: to, parameters }) }
}
