// Installs what is missing, and nothing else: the toolchain, wasm-pack and wasm-bindgen, the npm packages
// and, with --tests, Chromium, Firefox, Open MPI and the pictures of faces. A second run takes a second.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, firefox } from './browsers.mjs'
import { faces } from './faces.mjs'
import { openMpi } from './mpi.mjs'
import { fail, output, root, run, runConcurrently, say } from './shell.mjs'
import { toolchain } from './toolchain.mjs'

const PNPM = '12.21.0'
export const tools = join(root, 'target', 'tools', 'bin')
const TOOLS = { 'wasm-pack': ['wasm-pack', '0.15.1'], 'wasm-bindgen': ['wasm-bindgen-cli', '0.2.130'] }

/** These tools run for seconds, but building them is the longest part of setup: without optimisation it is the shortest. */
const QUICKLY = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '256',
}

/** Sets up; `tests` includes the browsers, Open MPI and the pictures of faces. The tools are built while the caller goes on. */
export async function setup({ tests = false } = {}) {
  if (Number(process.versions.node.split('.')[0]) < 20)
    fail(`Node 20 or newer is needed, this is ${process.version}`)
  if (!output('cargo', ['--version'])) fail('Rust is needed: install it with rustup')
  const { route } = toolchain()
  for (const [program, [crate, version]] of Object.entries(TOOLS)) {
    if (output(join(tools, program), ['--version'])?.endsWith(version)) continue
    say(`building ${crate} ${version} (some minutes, once)`)
    // A shared folder: common dependencies are built once.
    const into = ['--bin', program, '--root', join(tools, '..'), '--target-dir', join(tools, '..', 'build')]
    await runConcurrently('cargo', ['install', '--quiet', crate, '--version', version, ...into], {
      env: { ...process.env, ...QUICKLY },
    })
  }
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.hebb-lock')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    say('installing the npm packages')
    run('npx', ['-y', `pnpm@${PNPM}`, 'install', '--frozen-lockfile', '--reporter=append-only'])
    writeFileSync(stamp, lock)
  }
  if (tests) {
    chromium()
    firefox()
    faces()
    if (!openMpi()) say('there is no MPI here: the tests of several processes are left out')
  }
  say(`everything is set up (WebAssembly by ${route})`)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await setup({ tests: process.argv.includes('--tests') })
