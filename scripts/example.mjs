// npm run example -- NAME: sets up, builds, and runs an example. Those of the course also have numbers as names. Further
// arguments are passed to the example; without a name the examples are listed.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { fail, node, root } from './shell.mjs'

const [wanted = '', ...rest] = process.argv.slice(2)
const examples = join(root, 'packages', 'examples')
const folders = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'main.ts')))
const titles = (folder) => {
  const [, number, name] = /^(\d\d)-(.*)/.exec(folder) ?? []
  return number ? [folder, number, name, String(Number(number))] : [folder]
}
const found = folders.find((folder) => titles(folder).includes(wanted))
if (!found) {
  const what = wanted === '' ? 'name an example' : `there is no example "${wanted}"`
  fail(`${what}: npm run example -- ${folders.join(' | ')}`)
}
await build()
const main = join('packages', 'examples', found, 'main.ts')
process.exitCode = spawnSync(node(), [main, ...rest], { cwd: root, stdio: 'inherit' }).status ?? 1
