// npm run example -- NAME: sets up, builds, and runs an example of the course, by its number or name. What follows
// goes to the example; without a name it lists them.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { setup } from './setup.mjs'
import { fail, node, root } from './shell.mjs'

const [wanted = '', ...rest] = process.argv.slice(2)
const folders = readdirSync(join(root, 'packages', 'examples')).filter((name) => /^\d\d-/.test(name))
const title = (folder) => [folder, folder.slice(0, 2), folder.slice(3), String(Number(folder.slice(0, 2)))]
const found = folders.find((folder) => title(folder).includes(wanted))
if (!found) {
  const what = wanted === '' ? 'name an example' : `there is no example "${wanted}"`
  fail(`${what}: npm run example -- ${folders.join(' | ')}`)
}
setup()
build()
const main = join('packages', 'examples', found, 'main.ts')
process.exitCode = spawnSync(node(), [main, ...rest], { cwd: root, stdio: 'inherit' }).status ?? 1
