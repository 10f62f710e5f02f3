// npm run sanitize: the Rust tests under tools that detect memory and threading errors. Arguments name some of them, default
// all: `checked` (bounds, guards between buffers; on 1 to 33 threads), `address`, `thread` (sanitizers), `miri` (scalar
// kernels and the pool; if a nightly has it), `memcheck` (Valgrind, the same tests). --short runs what CI has time for.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail, output, root, say } from './shell.mjs'

const HOST = /host: (.*)/.exec(output('rustc', ['-vV']) ?? '')?.[1]
const THREADS = [1, 2, 3, 5, 8, 16, 33]
/** Tests that take minutes if every access is checked: hundreds of random shapes, and sweeps over a million values. */
const SLOW = ['--skip', 'every_kernel', '--skip', 'simd::']
/** Tests of the scalar kernels and of the pool. */
const INTERPRETED = ['parallel::', 'selftest::tests::scalar', 'plan::placement', 'optimizers::clip']
const suppressions = join(root, 'scripts', 'thread-suppressions.txt')

/** Runs the tests of the core and its kernels; returns how many passed and failed. */
function cargo(what, { args = [], tests = [], env = {}, toolchain = [] }) {
  say(what)
  const command = [...toolchain, ...(args[0] === 'miri' ? [] : ['test']), ...args]
  const done = spawnSync(
    'cargo',
    [...command, '--quiet', '-p', 'hebb', '-p', 'hebb-kernels', '--lib', '--', ...tests],
    {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  )
  const counted = [...(done.stdout ?? '').matchAll(/(\d+) passed; (\d+) failed/g)]
  const sum = (part) => counted.reduce((total, one) => total + Number(one[part]), 0)
  const [passed, failed] = [sum(1), sum(2)]
  const ok = done.status === 0 && passed > 0
  if (!ok) process.stderr.write(done.stdout ?? '')
  return { passed, failed: failed || (ok ? 0 : 1) }
}

/** A build with a sanitizer, in a separate folder. `RUSTC_BOOTSTRAP` lets a stable compiler accept the flag. */
function sanitizer(name, threads, { flags = [], ...more }) {
  return cargo(`${name} sanitizer, ${threads} threads`, {
    ...more,
    args: ['--target', HOST, '--target-dir', join('target', name), ...(more.args ?? [])],
    env: {
      ...more.env,
      RUSTC_BOOTSTRAP: '1',
      // Unoptimised kernels would take an hour.
      CARGO_PROFILE_TEST_OPT_LEVEL: '1',
      CARGO_ENCODED_RUSTFLAGS: [`-Zsanitizer=${name}`, ...flags].join('\x1f'),
      HEBB_THREADS: String(threads),
    },
  })
}

const WAYS = {
  checked: (short) =>
    (short ? [5, 33] : THREADS).map((threads) =>
      cargo(`bounds and guards, ${threads} threads`, {
        args: ['--features', 'checked'],
        env: { HEBB_THREADS: String(threads) },
        tests: short ? SLOW : [],
      }),
    ),
  address: (short) =>
    (short ? [33] : [1, 5, 33]).map((threads) =>
      sanitizer('address', threads, {
        args: ['--features', 'checked'],
        flags: ['--cfg', 'hebb_asan'],
        tests: short ? SLOW : [],
      }),
    ),
  thread: (short) =>
    (short ? [5] : [2, 5, 33]).map((threads) =>
      sanitizer('thread', threads, {
        flags: ['-Cunsafe-allow-abi-mismatch=sanitizer'],
        env: { TSAN_OPTIONS: `suppressions=${suppressions}` },
        tests: ['--test-threads=1', ...(short ? SLOW : [])],
      }),
    ),
  miri: () => {
    if (!output('cargo', ['+nightly', 'miri', '--version'])) {
      say('no Miri here: rustup component add --toolchain nightly miri rust-src')
      return []
    }
    return [
      cargo('Miri, 3 threads', {
        toolchain: ['+nightly'],
        args: ['miri', 'test'],
        // By the other rules for references, Stacked Borrows, crossbeam-epoch, of which rayon is built, is not clean.
        env: {
          HEBB_THREADS: '3',
          MIRIFLAGS: '-Zmiri-tree-borrows -Zmiri-ignore-leaks -Zmiri-disable-isolation',
        },
        tests: INTERPRETED,
      }),
    ]
  },
  memcheck: () => {
    if (!output('valgrind', ['--version'])) {
      say('no Valgrind here: install the package valgrind')
      return []
    }
    return [
      cargo('Valgrind, 3 threads', {
        args: ['--target', HOST, '--target-dir', join('target', 'memcheck')],
        env: {
          HEBB_THREADS: '3',
          [`CARGO_TARGET_${HOST.toUpperCase().replaceAll('-', '_')}_RUNNER`]:
            'valgrind --quiet --error-exitcode=9 --fair-sched=yes',
        },
        tests: ['--test-threads=1', ...INTERPRETED],
      }),
    ]
  },
}

/** Runs the named ways, or all; returns the total numbers of passed and failed tests. */
export function sanitize({ short = false, ways = Object.keys(WAYS) } = {}) {
  const unknown = ways.find((way) => !(way in WAYS))
  if (unknown !== undefined) fail(`there is no "${unknown}": ${Object.keys(WAYS).join(', ')}`)
  const all = ways.flatMap((way) => WAYS[way](short))
  const sum = (part) => all.reduce((total, one) => total + one[part], 0)
  return { passed: sum('passed'), failed: sum('failed') }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2).filter((argument) => argument !== '--short')
  const { passed, failed } = sanitize({
    short: process.argv.includes('--short'),
    ...(named.length > 0 && { ways: named }),
  })
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}
