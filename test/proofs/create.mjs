// From empty folders to trained networks, by the packed tarballs and npm's registry, with the seconds: `npm create hebb` with its page in
// Chromium and with its program, and `npm install` with ten lines.
// npm run proof -- create
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'

/** The most seconds until a page, and a program, has trained. */
const LIMITS = { page: 20, node: 30, lines: 30 }
const PORT = 4121

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'hebb-create-'))
const npm = (cwd, ...args) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
const pack = (name) =>
  join(folder, npm(join(root, 'packages', name), 'pack', '--silent', '--pack-destination', folder).trim())
const [hebb, create] = ['hebb', 'create-hebb'].map(pack)
const install = (cwd, ...more) => npm(cwd, 'install', '--silent', '--no-audit', '--no-fund', hebb, ...more)
const seconds = (from) => Math.round(performance.now() - from) / 1000

/** As `npm create hebb`, and then `npm install`, which takes the tarball of this version. */
function made(template) {
  npm(folder, 'exec', '--yes', '--package', create, '--', 'create-hebb', template, '--template', template)
  install(join(folder, template))
  return join(folder, template)
}

async function page(browser) {
  const from = performance.now()
  const cwd = made('page')
  // In its own group, so that Vite ends with npm.
  const server = spawn('npm', ['start', '--', '--open', 'false', '--port', `${PORT}`, '--strictPort'], {
    cwd,
    stdio: ['ignore', 2, 2],
    detached: true,
  })
  try {
    const url = `http://localhost:${PORT}/`
    for (let tries = 0; tries < 300 && !(await fetch(url).catch(() => {})); tries++)
      await new Promise((resolve) => setTimeout(resolve, 50))
    const tab = await browser.newPage()
    await tab.goto(url)
    const text = () => tab.textContent('[role=status]')
    await tab.waitForFunction(() => document.querySelector('[role=status]').textContent.startsWith('epoch'))
    const started = seconds(from)
    await tab.waitForFunction(() => /\b(9\d|100) %/.test(document.querySelector('[role=status]').textContent))
    return { started, seconds: seconds(from), answer: await text() }
  } finally {
    process.kill(-server.pid)
  }
}

function program() {
  const from = performance.now()
  const answer = npm(made('node'), 'start', '--silent')
  return { seconds: seconds(from), answer: answer.match(/0\.\d/g).join(' ') }
}

function lines() {
  const text = readFileSync(join(root, 'packages', 'create-hebb', 'templates', 'node', 'train.js'), 'utf8')
  const cwd = join(folder, 'lines')
  const from = performance.now()
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }')
  install(cwd)
  writeFileSync(join(cwd, 'xor.js'), text)
  const answer = execFileSync('node', ['xor.js'], { cwd, encoding: 'utf8' })
  return {
    seconds: seconds(from),
    lines: text.trim().split('\n').length,
    answer: answer.match(/0\.\d/g).join(' '),
  }
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const results = { page: await page(browser), node: program(), lines: lines() }
  const right = '0.0 0.9 0.9 0.0'
  const passed =
    Object.entries(LIMITS).every(([name, limit]) => results[name].seconds < limit) &&
    results.node.answer === right &&
    results.lines.answer === right &&
    results.lines.lines <= 10
  console.log(JSON.stringify({ passed, ...results }))
  process.exitCode = passed ? 0 : 1
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
