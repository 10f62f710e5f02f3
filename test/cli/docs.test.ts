// The commands of docs/command-line.md print what the page says.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../helpers/root'

const folder = mkdtempSync(join(tmpdir(), 'hebb-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Numbers with so few digits that they are the same with every kind of vectors. */
const rounded = (text: string) => text.replace(/\d+(\.\d+)?/g, (number) => Number(number).toFixed(2))

test('its commands, one after another, print the documented output', () => {
  for (const name of ['iris.csv', 'cars.csv'])
    copyFileSync(join(root, 'packages', 'examples', 'data', name), join(folder, name))
  const page = readFileSync(join(root, 'docs', 'command-line.md'), 'utf8')
  const found = [...page.matchAll(/^```sh\n(.*?)^```$\s+^```text\n(.*?)^```$/gms)]
  expect(found).toHaveLength(page.split('```sh').length - 1)
  const env = {
    ...process.env,
    HEBB: join(root, 'packages', 'hebb', 'dist', 'cli.js'),
    NODE: process.execPath,
  }
  for (const [, commands, output] of found) {
    const script = `set -e -o pipefail\n${commands!.replaceAll('npx hebb', '"$NODE" "$HEBB"')}`
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env,
    })
    expect({ status, error: stderr.replace(/^epoch .*\n/gm, '') }).toEqual({ status: 0, error: '' })
    expect(rounded(stdout)).toBe(rounded(output!))
  }
})
