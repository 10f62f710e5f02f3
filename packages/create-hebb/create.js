#!/usr/bin/env node
// npm create hebb [folder] [-- --template page|node]: copies a template into a new folder.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const TEMPLATES = ['page', 'node']
const USAGE = `npm create hebb [folder] [-- --template page|node]

  page   a page, served by Vite, that shows a network while it learns (default)
  node   a program for Node that learns XOR

The folder is new or empty; default hebb-app.`

const here = dirname(fileURLToPath(import.meta.url))

/** Ends with a message; exit code 2, as for wrong usage. */
function refuse(message) {
  console.error(`create-hebb: ${message}\n\n${USAGE}`)
  process.exit(2)
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { template: { type: 'string', default: 'page' }, help: { type: 'boolean', short: 'h' } },
    })
    if (positionals.length > 1) refuse(`one folder, not ${positionals.length}`)
    return { ...values, folder: resolve(positionals[0] ?? 'hebb-app') }
  } catch (error) {
    return refuse(error.message)
  }
}

const { help, template, folder } = options()
if (help) {
  console.log(USAGE)
} else {
  if (!TEMPLATES.includes(template)) refuse(`the template ${template} is none of ${TEMPLATES.join(', ')}`)
  if (existsSync(folder) && readdirSync(folder).length > 0) refuse(`${folder} is not empty`)
  mkdirSync(folder, { recursive: true })
  cpSync(join(here, 'templates', template), folder, { recursive: true })
  // npm leaves files of this name out of packages.
  writeFileSync(join(folder, '.gitignore'), 'node_modules/\ndist/\n')
  const path = join(folder, 'package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  manifest.name = name || 'hebb-app'
  // Both packages are published together.
  manifest.dependencies.hebb = `^${version}`
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
  const place = relative(process.cwd(), folder)
  console.log(`${folder} is ready:\n${place && `\n  cd ${place}`}\n  npm install\n  npm start`)
}
