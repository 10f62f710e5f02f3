// npm run proof -- NAME: sets up, builds, and runs a proof that is too long for CI, test/proofs/NAME.mjs. Its last line on
// stdout is its result, one JSON object.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from './browsers.mjs'
import { build } from './build.mjs'
import { fail, node, root } from './shell.mjs'

const [name = '', ...rest] = process.argv.slice(2)
const proofs = join(root, 'test', 'proofs')
if (!existsSync(join(proofs, `${name}.mjs`))) {
  fail(
    `name a proof: npm run proof -- ${readdirSync(proofs)
      .filter((file) => file.endsWith('.mjs'))
      .map((file) => file.replace('.mjs', ''))
      .join(' | ')}`,
  )
}
await build({ tests: true })
const env = { ...process.env, CHROMIUM: chromium() }
process.exitCode =
  spawnSync(node(), [join(proofs, `${name}.mjs`), ...rest], { cwd: root, stdio: 'inherit', env }).status ?? 1
