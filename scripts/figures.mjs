// npm run figures: draws the figures of docs with the examples.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { fail, node, root, say } from './shell.mjs'

await build()
const examples = join(root, 'packages', 'examples')
for (const name of readdirSync(examples)) {
  const main = join(examples, name, 'main.ts')
  if (!existsSync(main) || !readFileSync(main, 'utf8').includes('figures.ts')) continue
  say(`drawing the figures of ${name}`)
  const args = [main, '--json', '--svg', join(root, 'docs', 'figures')]
  const { status } = spawnSync(node(), args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) fail(`${name} failed`)
}
