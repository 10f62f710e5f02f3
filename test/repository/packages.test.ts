// The packages that are published, as npm takes them.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { expect, test } from 'vitest'
import { root } from '../helpers/root'

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8')
const manifest = (name: string) => JSON.parse(read('packages', name, 'package.json'))

test.each(['hebb', 'create-hebb', 'playground'])('%s can be published', (name) => {
  const { version, license, private: hidden, publishConfig, scripts = {} } = manifest(name)
  expect({ version, license, hidden, publishConfig }).toEqual({
    version: manifest('hebb').version,
    license: 'MIT',
    hidden: undefined,
    publishConfig: { access: 'public', provenance: true },
  })
  expect(Object.keys(scripts).filter((script) => /install|prepare/.test(script))).toEqual([])
  expect(read('packages', name, 'LICENSE')).toBe(read('LICENSE'))
})

// `test/package` asks this of hebb's tarball; hebb-playground has pages only.
test('publint reports nothing of create-hebb, which has its program and its templates', async () => {
  const cwd = join(root, 'packages', 'create-hebb')
  expect((await publint({ pkgDir: cwd, strict: true, pack: false })).messages).toEqual([])
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd, encoding: 'utf8' })
  const [{ files }] = JSON.parse(packed)
  expect(files.map(({ path }: { path: string }) => path).sort()).toEqual([
    'LICENSE',
    'README.md',
    'create.js',
    'package.json',
    'templates/node/package.json',
    'templates/node/train.js',
    'templates/page/index.html',
    'templates/page/main.js',
    'templates/page/package.json',
    'templates/page/vite.config.js',
  ])
})
