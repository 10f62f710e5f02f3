// What the repository says about itself and about others' code.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../helpers/root'

test('the notices name every package that the artifacts contain', () => {
  const check = spawnSync(process.execPath, [join(root, 'scripts', 'notices.mjs'), '--check'], {
    encoding: 'utf8',
  })
  expect([check.stderr, check.status]).toEqual(['', 0])
})

test('the citation has the version of the package', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'packages', 'hebb', 'package.json'), 'utf8'))
  expect(readFileSync(join(root, 'CITATION.cff'), 'utf8')).toContain(`\nversion: ${version}\n`)
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(`\n## ${version}`)
})
