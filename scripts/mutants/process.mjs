// The parent's side of the process that runs tests (runner.mjs).
import { fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../shell.mjs'

/** Clock ticks per second in Linux's process table. */
const TICKS = 100

/** CPU seconds used by a process group, or the time of day if there is no such table. */
function used(group) {
  let ticks = 0
  let found = false
  try {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, 'utf8')
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (Number(fields[2]) !== group) continue
        found = true
        // Its own, and those of its ended children.
        for (const at of [11, 12, 13, 14]) ticks += Number(fields[at])
      } catch {
        // It has ended in the meantime.
      }
    }
  } catch {
    // Not Linux.
  }
  return found ? ticks / TICKS : Date.now() / 1000
}

/** Runs tests. If they hang, the process and its children are killed, and the next request starts a new one. */
export class Runner {
  #child
  #options

  constructor(options) {
    this.#options = JSON.stringify(options)
  }

  async #ready() {
    if (this.#child) return this.#child
    const child = fork(join(import.meta.dirname, 'runner.mjs'), [this.#options], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#child = child
    await new Promise((resolve) => child.once('message', resolve))
    return child
  }

  /** The answer to a request, or `undefined` if there is none within `seconds` of CPU time. */
  async ask(request, seconds) {
    const child = await this.#ready()
    const from = used(child.pid)
    const answer = await new Promise((resolve) => {
      const timer = setInterval(() => {
        if (used(child.pid) - from > seconds) settle()
      }, 1000)
      const settle = (value) => {
        clearInterval(timer)
        child.off('message', settle)
        child.off('exit', settle)
        resolve(typeof value === 'object' && value !== null ? value : undefined)
      }
      child.on('message', settle)
      child.on('exit', settle)
      child.send(request)
    })
    if (!answer) this.end()
    return answer
  }

  end() {
    try {
      if (this.#child) process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // It has already ended.
    }
    this.#child = undefined
  }
}
