// The licences of others' code that the package contains: crates in its WebAssembly, SHA-256, protocol buffers and commander in its JavaScript. `npm run notices` writes the file that
// the package ships; `--check` only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail, output, root } from './shell.mjs'

const file = join(root, 'packages', 'hebb', 'NOTICES.md')

/** The crates that the artifacts link, `name version`, without what only runs while they are compiled. */
function linked() {
  const names = new Set()
  for (const crate of ['hebb-wasm', 'hebb-images']) {
    const tree = [
      'tree',
      '--locked',
      '-p',
      crate,
      '--target',
      'wasm32-unknown-unknown',
      '-e',
      'normal,no-proc-macro',
    ]
    const text = output('cargo', [...tree, '--prefix', 'none', '--format', '{p}'])
    if (!text) fail('cargo tree failed')
    for (const [, name, version] of text.matchAll(/^(\S+) v(\S+)/gm)) names.add(`${name} ${version}`)
  }
  return names
}

/** The text of a licence in a folder, that of MIT if it may be chosen; undefined if a crate only names it. */
function licence(folder) {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|unlicense)/i.test(name))
  const best = ['mit', '^licen[cs]e(\\.\\w+)?$', '0bsd', 'apache', '.']
  const found = best.map((one) => files.find((name) => RegExp(one, 'i').test(name))).find(Boolean)
  return found && readFileSync(join(folder, found), 'utf8').replaceAll('\r', '').trim()
}

const names = linked()
const { packages } = JSON.parse(
  output('cargo', [
    'metadata',
    '--locked',
    '--format-version',
    '1',
    '--filter-platform',
    'wasm32-unknown-unknown',
  ]),
)
const crates = packages.filter(({ name, version, source }) => source && names.has(`${name} ${version}`))
const rows = crates.map(
  ({ name, version, license }) => `| ${name} ${version} | ${license.replace('/', ' OR ')} |`,
)
const hashes = join(root, 'node_modules', '@noble', 'hashes')
const commander = join(root, 'node_modules', 'commander')
const protobuf = join(root, 'node_modules', '@bufbuild', 'protobuf')
const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
const folders = crates.map(({ name, manifest_path }) => [name, dirname(manifest_path)])
const texts = new Map()
for (const [name, folder] of [...folders, ['@noble/hashes', hashes], ['commander', commander]]) {
  const text = licence(folder)
  if (text) texts.set(text, [...(texts.get(text) ?? []), name])
}
// @bufbuild/protobuf has its licences at the beginning of its files.
for (const file of ['binary-encoding', 'varint']) {
  const [header] = /^(\/\/.*\n)+/.exec(
    readFileSync(join(protobuf, 'dist', 'esm', 'wire', `${file}.js`), 'utf8'),
  )
  texts.set(header.replace(/^\/\/ ?/gm, '').trim(), ['@bufbuild/protobuf'])
}
const npm = [
  `| @noble/hashes ${versionOf(hashes)} | MIT |`,
  `| commander ${versionOf(commander)} | MIT |`,
  `| @bufbuild/protobuf ${versionOf(protobuf)} | Apache-2.0 AND BSD-3-Clause |`,
]
const wanted = `${[
  '# Notices',
  'Hebb itself has the licence in the file LICENSE. Its files contain these packages:',
  ['| package | licence |', '| --- | --- |', ...rows.sort(), ...npm].join('\n'),
  'The weights of LeNet-5 were trained by this project on MNIST (Y. LeCun, C. Cortes and C. J. C. Burges).',
  ...[...texts].map(([text, names]) => `## ${names.join(', ')}\n\n\`\`\`text\n${text}\n\`\`\``),
].join('\n\n')}\n`
const same = existsSync(file) && readFileSync(file, 'utf8') === wanted
if (process.argv.includes('--check')) {
  if (!same) fail('packages/hebb/NOTICES.md is not what Cargo.lock says: npm run notices')
} else writeFileSync(file, wanted)
