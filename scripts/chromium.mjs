// The browser for the tests.
import { existsSync } from 'node:fs'
import { fail, output, run, say } from './shell.mjs'

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The path of Chromium or Chrome; installed from Debian's packages if missing. */
export function chromium() {
  const find = () => PLACES.find((place) => place && existsSync(place))
  if (!find() && output('dpkg', ['--version']) && process.getuid?.() === 0) {
    say("installing Debian's chromium")
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
  }
  return find() ?? fail('the browser tests need Chromium or Chrome: install it, or name its path in CHROMIUM')
}
