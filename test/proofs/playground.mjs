// The playground from packed tarballs: `npm install hebb hebb-playground`, `npx hebb playground`, each chapter in Chromium, with
// threads and without errors, and Ctrl-C; before, without the second package, the line that installs it.
// npm run proof -- playground
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'hebb-playground-'))
const cwd = join(folder, 'app')
const pages = join(root, 'packages', 'playground')
const seconds = (from) => Math.round(performance.now() - from) / 1000

/** The tarball of a package. */
function pack(name) {
  const from = join(root, 'packages', name)
  const args = ['pack', '--silent', '--pack-destination', folder]
  return join(folder, execFileSync('npm', args, { cwd: from, encoding: 'utf8' }).trim())
}
const install = (tarball) =>
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', tarball], { cwd, stdio: 'ignore' })

/** Starts the command; resolves with its process and the address when it serves. */
function start() {
  const child = spawn('node_modules/.bin/hebb', ['playground', '--port', '0', '--json'], { cwd })
  child.stderr.pipe(process.stderr)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)))
    child.stdout.once('data', (line) => resolve({ child, url: JSON.parse(line).url }))
  })
}

/** Opens each chapter that the first page names; the errors of each, and the threads of the last. */
async function visit(browser, url) {
  const page = await browser.newPage()
  let errors = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await page.goto(url)
  const links = await page.$$eval('.chapters a', (all) => all.map((one) => one.href))
  const wrong = {}
  let engine = ''
  for (const link of links) {
    errors = []
    await page.goto(link)
    engine = await page.textContent('#engine')
    if (errors.length > 0 || !(await page.evaluate('crossOriginIsolated'))) wrong[link] = errors
  }
  return { chapters: links.length, wrong, engine }
}

execFileSync(
  process.execPath,
  [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'],
  {
    cwd: pages,
    stdio: ['ignore', 2, 2],
  },
)
mkdirSync(cwd)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const [hebb, playground] = [pack('hebb'), pack('playground')]
  execFileSync('npm', ['init', '--yes'], { cwd, stdio: 'ignore' })
  install(hebb)
  const without = spawnSync('npx', ['hebb', 'playground'], { cwd, encoding: 'utf8' })
  const from = performance.now()
  install(playground)
  const { child, url } = await start()
  const served = seconds(from)
  const visited = await visit(browser, url)
  const ended = new Promise((resolve) => child.removeAllListeners('exit').once('exit', resolve))
  child.kill('SIGINT')
  const results = {
    megabytes: Math.round(statSync(playground).size / 1e5) / 10,
    without: [without.status, without.stderr.trim()],
    served,
    ...visited,
    exitCode: await ended,
  }
  const passed =
    without.status === 1 &&
    without.stderr.includes('npm install hebb-playground') &&
    visited.chapters > 10 &&
    Object.keys(visited.wrong).length === 0 &&
    results.exitCode === 0
  console.log(JSON.stringify({ passed, ...results }))
  process.exitCode = passed ? 0 : 1
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
