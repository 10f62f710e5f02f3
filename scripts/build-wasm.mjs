// Builds the WebAssembly artifacts, all threaded: that of networks as simd128 and relaxed, that of the classical models as
// simd128, because 64 bits gain nothing from relaxed-simd; with --selftest also the two artifacts that contain the kernels'
// own tests, with --checked one with bounds checks. That of image files has neither threads nor glue. Unchanged artifacts are
// not rebuilt.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setup, tools } from './setup.mjs'
import { files, root, runConcurrently, say } from './shell.mjs'
import { toolchain } from './toolchain.mjs'
import { withoutCustomSections, withShortNames } from './wasm.mjs'

const FEATURES = '+atomics,+bulk-memory,+mutable-globals,+simd128'
const VARIANTS = { simd128: FEATURES, relaxed: `${FEATURES},+relaxed-simd` }
/** The crates of the threaded artifacts, and that of image files. */
const CRATES = ['hebb-kernels', 'hebb', 'hebb-wasm']
const IMAGES = 'hebb-images'
// A panic is a trap without its message, which would be lost anyway: 12 kB gzipped less.
const ABORT = ['-Zunstable-options', '-Cpanic=immediate-abort']
const BUILD_STD = ['-Z', 'build-std=panic_abort,std', '-Z', 'build-std-features=optimize_for_size']
// Plans, options and checks, which are not the kernels: 13 kB gzipped less, at the same speed. The classical models compute
// in that crate too, so they stay as Cargo.toml has it.
const SMALL = ['--config', 'profile.release.package.hebb.opt-level="s"']
const EXPORTS = ['__heap_base', '__wasm_init_tls', '__tls_size', '__tls_align', '__tls_base']

function inputs(crates) {
  const hash = createHash('sha256')
  for (const path of [
    ...crates.map((name) => join('crates', name)),
    'Cargo.toml',
    'Cargo.lock',
    'scripts/build-wasm.mjs',
    'scripts/toolchain.mjs',
    'scripts/wasm.mjs',
  ]) {
    for (const file of files(join(root, path)))
      hash.update(file.slice(root.length)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/**
 * Builds the outdated artifacts of these variants, concurrently, because the linker's optimisation has one thread. What
 * needs the tools waits until setup is `ready`; the compiler does not.
 */
export async function buildWasm({
  variants = Object.keys(VARIANTS),
  classic = true,
  images = true,
  selftest = false,
  checked = false,
  ready = setup(),
} = {}) {
  const hash = inputs(CRATES)
  const built = variants.map(async (variant) => {
    await build(variant, [], hash, ready)
    if (classic && variant === 'simd128') await build(variant, ['classic'], hash, ready)
    if (selftest) await build(variant, ['selftest'], hash, ready)
    if (checked && variant === 'simd128') await build(variant, ['selftest', 'checked'], hash, ready)
  })
  if (images) built.push(buildImages())
  await Promise.all([ready, ...built])
}

/** Where an artifact lies, and whether it is that of these inputs. */
function artifact(name, hash) {
  const out = join(root, 'packages', 'hebb', 'wasm', name)
  const stamp = join(out, '.inputs')
  return { out, stamp, isBuilt: existsSync(stamp) && readFileSync(stamp, 'utf8') === hash }
}

/** The artifact of image files, which exports plain functions. */
async function buildImages() {
  const hash = inputs([IMAGES])
  const { out, stamp, isBuilt } = artifact('images', hash)
  if (isBuilt) return
  const { cargo, env } = toolchain()
  say('building the images artifact')
  const target = join(root, 'target', 'wasm-images')
  const flags = ['-Ctarget-feature=+bulk-memory,+simd128', ...ABORT]
  const options = ['--lib', '--release', '--target', 'wasm32-unknown-unknown', '--target-dir', target]
  await runConcurrently(cargo, ['--quiet', 'build', '-p', IMAGES, ...options, ...BUILD_STD], {
    env: { ...process.env, ...env, CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') },
    cwd: root,
  })
  mkdirSync(out, { recursive: true })
  const built = join(target, 'wasm32-unknown-unknown', 'release', 'hebb_images.wasm')
  writeFileSync(join(out, 'hebb_images.wasm'), withoutCustomSections(readFileSync(built)))
  writeFileSync(stamp, hash)
}

/** An artifact with these features of the crate; its folder is named after the last of them. */
async function build(variant, features, hash, ready) {
  const classic = features.includes('classic')
  const testing = features.length > 0 && !classic
  const name = classic ? 'classic' : [variant, ...features.slice(-1)].join('-')
  const { out, stamp, isBuilt } = artifact(name, hash)
  if (isBuilt) return
  const { cargo, env } = toolchain()
  say(`building the ${name} artifact`)
  const target = join(root, 'target', `wasm-${variant}`)
  const link = [
    '--shared-memory',
    '--import-memory',
    '--max-memory=4294967296',
    ...EXPORTS.map((e) => `--export=${e}`),
  ]
  const flags = [
    `-Ctarget-feature=${VARIANTS[variant]}`,
    ...ABORT,
    // Loop strength reduction turns constant offsets, which loads have for free, into additions. The scheduler moves
    // multiply–adds away from their operands until V8 spills registers.
    '-Cllvm-args=-disable-lsr',
    // What must be inlined for speed is marked so: 20 kB gzipped less, at the same speed.
    '-Cllvm-args=-inline-threshold=20',
    '-Cllvm-args=-pre-RA-sched=source',
    ...link.map((argument) => `-Clink-arg=${argument}`),
  ]
  const fresh = join(target, 'out')
  rmSync(fresh, { recursive: true, force: true })
  const pack = ['--target', 'web', '--mode', 'no-install', '--no-opt', '--no-pack', '--out-dir', fresh]
  const options = [
    ...BUILD_STD,
    '--target-dir',
    target,
    ...(classic ? [] : SMALL),
    ...(classic ? ['--no-default-features'] : []),
    ...(features.length > 0 ? ['--features', features.join()] : []),
  ]
  const run = (program, args) =>
    runConcurrently(program, ['--quiet', 'build', ...args, ...options], {
      cwd: join(root, 'crates', 'hebb-wasm'),
      env: {
        ...process.env,
        ...env,
        CARGO: cargo,
        PATH: `${tools}:${env.PATH ?? process.env.PATH}`,
        CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
      },
    })
  // As wasm-pack will call it, and then find everything compiled.
  await run(cargo, ['--lib', '--release', '--target', 'wasm32-unknown-unknown'])
  await ready
  await run(join(tools, 'wasm-pack'), ['.', ...pack, '--'])
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const javaScript = ['hebb_wasm.js', 'hebb_wasm.d.ts', 'snippets']
  const copy = (from, to, names) => {
    for (const file of names) cpSync(join(from, file), join(to, file), { recursive: true })
  }
  copy(fresh, out, ['hebb_wasm_bg.wasm', ...javaScript])
  const [helpers] = files(join(out, 'snippets')).filter((file) => file.endsWith('workerHelpers.js'))
  cpSync(join(root, 'crates', 'hebb-wasm', 'workerHelpers.js'), helpers)
  const wasm = join(out, 'hebb_wasm_bg.wasm')
  const glue = join(out, 'hebb_wasm.js')
  const built = readFileSync(wasm)
  // Test artifacts keep the names for stack traces.
  const lean = testing ? built : withoutCustomSections(built)
  const [module, short] = await withShortNames(lean, readFileSync(glue, 'utf8'))
  writeFileSync(wasm, module)
  writeFileSync(glue, short)
  // The package imports it from a folder that each variant of networks fills alike.
  if (features.length === 0) copy(out, artifact('glue').out, javaScript)
  writeFileSync(stamp, hash)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildWasm({
    selftest: process.argv.includes('--selftest'),
    checked: process.argv.includes('--checked'),
  })
