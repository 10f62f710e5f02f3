// The browsers: each opens a page that leaves a function `check`, and returns what it returns.
import { execFileSync, spawn } from 'node:child_process'
import { chromium } from 'playwright'
import puppeteer from 'puppeteer-core'

const TIMEOUT_MS = 60_000
/** Resolves with the result of `check` once the page has it. */
const CHECK = `new Promise((resolve, reject) => {
  const late = Date.now() + ${TIMEOUT_MS - 5000}
  const look = () => {
    if (globalThis.check) check().then(resolve, reject)
    else if (Date.now() > late) reject(new Error('the page has no check'))
    else setTimeout(look, 50)
  }
  look()
})`

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']

/** What the program of a page says, in a browser of Playwright or Puppeteer. */
async function check(browser, url) {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    return await page.evaluate(CHECK)
  } finally {
    await page.close()
  }
}

async function openChromium() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGS })
  return {
    version: browser.version(),
    check: (url) => check(browser, url),
    close: () => browser.close(),
  }
}

async function openFirefox() {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX,
    headless: true,
    protocolTimeout: 2 * TIMEOUT_MS,
  })
  return {
    version: (await browser.version()).replace(/.*\//, ''),
    check: (url) => check(browser, url),
    close: () => browser.close(),
  }
}

const PORT = 4455
const SCREEN = ':77'

/** WebKitGTK's MiniBrowser, by WebDriver, on a screen that only exists in memory. */
async function openWebKit() {
  const screen = spawn('Xvfb', [SCREEN, '-screen', '0', '800x600x24'], { stdio: 'ignore' })
  const env = {
    ...process.env,
    DISPLAY: SCREEN,
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    // As in Safari; WebKitGTK has it only by this option.
    JSC_useSharedArrayBuffer: '1',
  }
  const driver = spawn('WebKitWebDriver', [`--port=${PORT}`], { stdio: 'ignore', env })
  const stop = () => {
    driver.kill()
    screen.kill()
  }
  const call = async (method, path, body) => {
    const init = { method, ...(body && { body: JSON.stringify(body) }) }
    const { value } = await (await fetch(`http://127.0.0.1:${PORT}${path}`, init)).json()
    if (value?.error) throw new Error(value.message)
    return value
  }
  for (let tries = 0; !(await call('GET', '/status').catch(() => {})); tries++) {
    if (tries > 50) {
      stop()
      throw new Error('WebKitWebDriver did not start')
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const binary = execFileSync('sh', ['-c', 'ls /usr/lib/*/webkit2gtk-4.*/MiniBrowser'], { encoding: 'utf8' })
  const wanted = {
    'webkitgtk:browserOptions': { binary: binary.trim().split('\n')[0], args: ['--automation'] },
  }
  const session = () => call('POST', '/session', { capabilities: { alwaysMatch: wanted } })
  const { sessionId, capabilities } = await session().catch((error) => {
    stop()
    throw error
  })
  const own = `/session/${sessionId}`
  await call('POST', `${own}/timeouts`, { script: TIMEOUT_MS })
  return {
    version: capabilities.browserVersion,
    async check(url) {
      await call('POST', `${own}/url`, { url })
      const script = `const done = arguments[0]; ${CHECK}.then(done, (error) => done({ error: String(error) }))`
      return call('POST', `${own}/execute/async`, { script, args: [] })
    },
    async close() {
      await call('DELETE', own).catch(() => {})
      stop()
    },
  }
}

export const BROWSERS = { Chromium: openChromium, Firefox: openFirefox, WebKitGTK: openWebKit }
