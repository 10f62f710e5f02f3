// An engine as a separate program: it prints its version, then answers a line of JSON with a line of JSON.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Answer, Job } from './adapter.ts'

export interface Engine {
  version: string
  ask(job: Job): Promise<Answer>
  end(): void
}

/** Starts a program and waits for its version; throws its error output if it exits instead. */
export async function child(
  [command, ...args]: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Engine> {
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let complaint = ''
  child.stderr.on('data', (data) => {
    complaint = `${complaint}${data}`.slice(-500)
  })
  child.on('error', (error) => {
    complaint = error.message
  })
  // Errors of writing to an exited program are reported when reading from it.
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`it ended: ${complaint.trim().replaceAll('\n', ' / ')}`)
      // Skip greetings of libraries on stdout.
      if (value.startsWith('{')) return JSON.parse(value)
    }
  }
  const { version } = await next()
  return {
    version,
    async ask(job) {
      child.stdin.write(`${JSON.stringify(job)}\n`)
      return next()
    },
    end: () => void child.kill(),
  }
}
