// The browsers for the tests.
import { existsSync } from 'node:fs'
import { fail, output, run, say } from './shell.mjs'

const CHROMIUM = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const FIREFOX = [
  process.env.FIREFOX,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]

/** The path of Chromium or Chrome; installed from Debian's packages if missing. */
export function chromium() {
  return find(CHROMIUM, 'chromium', 'Chromium or Chrome', 'CHROMIUM')
}

/** The path of Firefox; installed from Debian's packages if missing. */
export function firefox() {
  return find(FIREFOX, 'firefox-esr', 'Firefox', 'FIREFOX')
}

const WEBKIT = ['/usr/bin/WebKitWebDriver']
const SCREEN = ['/usr/bin/Xvfb']

/** The driver of WebKitGTK's MiniBrowser, and a screen for it, both from Debian's packages, which only `npm run matrix` needs. */
export function webkit() {
  find(SCREEN, 'xvfb', 'Xvfb', 'PATH')
  return find(WEBKIT, 'webkit2gtk-driver', "WebKitGTK's driver", 'PATH')
}

function find(places, debian, name, variable) {
  const found = () => places.find((place) => place && existsSync(place))
  if (!found() && output('dpkg', ['--version']) && process.getuid?.() === 0) {
    say(`installing Debian's ${debian}`)
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debian])
  }
  return found() ?? fail(`the browser tests need ${name}: install it, or name its path in ${variable}`)
}
