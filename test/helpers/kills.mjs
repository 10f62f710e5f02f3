// Kills a training at random moments until it ends by itself, again and again.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadNetwork } from 'hebb'

const program = join(import.meta.dirname, 'trainToTheEnd.mjs')

/** Runs the training; kills it after some milliseconds, if it still runs. Returns what it printed; undefined if it was killed. */
function train(path, threads, after) {
  const child = spawn(process.execPath, [program, path, `${threads}`], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, errors] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    errors += text
  })
  const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after)
  return new Promise((resolve, reject) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (signal === 'SIGKILL') resolve(undefined)
      else if (code === 0) resolve(out.trim())
      else reject(new Error(`the training failed: ${errors}`))
    })
  })
}

/** Throws unless a file is whole: its checksum, which counts as zeros, and its network. */
async function check(path) {
  const bytes = readFileSync(path)
  const at = bytes.indexOf('"hebb.sha256":"') + 15
  const digits = bytes.toString('latin1', at, at + 64)
  const own = createHash('sha256').update(Buffer.from(bytes).fill('0', at, at + 64))
  if (own.digest('hex') !== digits) throw new Error('a checkpoint is not whole')
  const net = await loadNetwork(bytes)
  net.dispose()
}

/**
 * Kills a training `kills` times, and begins another one when it ends before. After each kill the checkpoint is verified, and a copy of the
 * training goes on from it to its end. Returns the checksums of the weights of the uninterrupted run and of those copies, after how many
 * kills there was a checkpoint, and in how many a file was half-written beside it.
 */
export async function killed(kills, tell = () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hebb-kills-'))
  const path = join(folder, 'run.safetensors')
  const copies = join(folder, 'copies')
  try {
    const started = performance.now()
    const expected = await train('', 2)
    const whole = performance.now() - started
    const ends = []
    let [kept, writing, saved] = [0, 0, false]
    while (ends.length < kills) {
      // Most of a run is its start. With checkpoints it takes longer.
      const end = await train(path, threads(), (0.3 + 1.2 * Math.random()) * whole)
      const names = readdirSync(folder)
      if (end !== undefined) {
        for (const name of names) rmSync(join(folder, name), { recursive: true })
        saved = false
        continue
      }
      const parts = names.filter((name) => name.endsWith('.part')).length
      if (parts > 1) throw new Error('more than one temporary file is left')
      writing += parts
      if (existsSync(path)) await check(path)
      else if (saved) throw new Error('a checkpoint is lost')
      saved = existsSync(path)
      kept += Number(saved)
      rmSync(copies, { recursive: true, force: true })
      mkdirSync(copies)
      for (const name of readdirSync(folder).filter((name) => name !== 'copies')) {
        copyFileSync(join(folder, name), join(copies, name))
      }
      ends.push(await train(join(copies, 'run.safetensors'), threads()))
      tell(`${ends.length} kills, ${kept} with a checkpoint, ${writing} while it was written`)
    }
    return { kills, kept, writing, expected, ends }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const threads = () => 1 + Math.floor(Math.random() * 4)
