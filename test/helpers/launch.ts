// How the tests start browsers and serve pages.

export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const firefoxPath = process.env.FIREFOX ?? '/usr/bin/firefox-esr'

/** Chromium's flags for running as root, without a network, and with a camera that films a moving test card. */
export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]

/** Shared memory needs a page that is cross-origin isolated. */
export const isolating = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}
