// An engine in a separate Node process: node serve.ts FOLDER '{"threads":2,…}'. It prints its version, then answers each
// line of JSON with one.
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { answering } from '../harness/adapter.ts'

const [, , folder, options] = process.argv
const { open } = await import(join(import.meta.dirname, folder!, 'adapter.ts'))
const adapter = await open(JSON.parse(options!))
const answer = answering(adapter)
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
say({ version: adapter.version })
for await (const line of createInterface({ input: process.stdin })) say(await answer(JSON.parse(line)))
process.exit()
