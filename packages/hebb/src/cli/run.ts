// How the program ends.
import { CommanderError, InvalidArgumentError } from 'commander'
import { program } from './program'

/** Runs a command; returns the exit code: 0, 1 for what Hebb refuses, 2 for wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    const { name, code, message, stack } = error as Error & { code?: string }
    const usage = error instanceof CommanderError
    if (usage && error.exitCode === 0) return 0
    const known = usage || name === 'HebbError'
    // Other errors of commander's are printed by itself.
    if (!usage || error instanceof InvalidArgumentError) console.error(known ? `error: ${message}` : stack)
    if (args.includes('--json'))
      console.log(JSON.stringify({ error: { code: usage ? 'usage' : known ? code : 'unexpected', message } }))
    return usage ? 2 : 1
  }
}
