// The Rust toolchain for WebAssembly: std must be rebuilt with atomics, so its source must be available.
// Two routes: rustup's pinned nightly, or Debian's rustc-web packages, whose compiler accepts -Z flags too.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fail, output, run, say } from './shell.mjs'

const NIGHTLY = 'nightly-2026-05-01'
const PACKAGES = ['rustc-web', 'cargo-web', 'rust-web-src', 'lld-22']

/** { route, cargo, env } of the toolchain; installed if missing. */
export function toolchain() {
  return (
    rustup() ??
    debian() ??
    fail(
      'the WebAssembly build needs Rust with the source of its standard library. Install rustup ' +
        `(then: rustup toolchain install ${NIGHTLY} --component rust-src --target wasm32-unknown-unknown), ` +
        `or, on Debian as root: apt-get install ${PACKAGES.join(' ')}`,
    )
  )
}

function rustup() {
  const has = () => {
    const sysroot = output('rustup', ['run', NIGHTLY, 'rustc', '--print', 'sysroot'])
    return sysroot && existsSync(join(sysroot, 'lib/rustlib/src/rust/library/Cargo.lock'))
  }
  if (!has()) {
    if (!output('rustup', ['--version']) || debianInstalled()) return undefined
    say(`installing Rust ${NIGHTLY} with rust-src through rustup`)
    const install = [
      'toolchain',
      'install',
      NIGHTLY,
      '--profile',
      'minimal',
      '--component',
      'rust-src',
      '--target',
      'wasm32-unknown-unknown',
    ]
    if (output('rustup', install) === undefined || !has()) return undefined
  }
  return { route: `rustup, ${NIGHTLY}`, cargo: 'cargo', env: { RUSTUP_TOOLCHAIN: NIGHTLY } }
}

function debianInstalled() {
  return PACKAGES.every((name) =>
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is dpkg-query's.
    output('dpkg-query', ['-W', '-f', '${Status}', name])?.endsWith(' installed'),
  )
}

function debian() {
  if (!output('dpkg', ['--version'])) return undefined
  if (!debianInstalled()) {
    if (process.getuid?.() !== 0) return undefined
    say(`installing Debian's ${PACKAGES.join(', ')}`)
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES])
  }
  // rustup's proxies come first in PATH: name the real programs.
  const files = output('dpkg', ['-L', 'rustc-web', 'cargo-web']).split('\n')
  const [cargo, rustc] = ['/bin/cargo', '/bin/rustc'].map((end) =>
    files.find((file) => file.startsWith('/usr/bin') && file.endsWith(end)),
  )
  // wasm-pack requires the target's folder, which a build of std does not need.
  const sysroot = output(rustc, ['--print', 'sysroot'])
  mkdirSync(join(sysroot, 'lib/rustlib/wasm32-unknown-unknown/lib'), { recursive: true })
  const env = {
    RUSTC: rustc,
    CARGO: cargo,
    RUSTC_BOOTSTRAP: '1',
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: 'wasm-ld-22',
    PATH: `/usr/bin:${process.env.PATH}`,
  }
  return { route: "Debian's rustc-web", cargo, env }
}
