// The load of other processes during a measurement.
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Above this many busy cores a measurement is unreliable: with two threads one waits for the other. */
export const DISTURBED = 0.3

/** Starts to watch; the function returns how many cores processes other than this program and its engines have used. */
export function watchOthers(): () => number | undefined {
  const before = times()
  return () => {
    const now = times()
    if (!before || !now) return undefined
    const others = now.busy - before.busy - (now.own - before.own)
    return Number(((Math.max(0, others) / (now.all - before.all)) * cpus().length).toFixed(2))
  }
}

/** Clock ticks of all cores so far, and of this program with its child processes; on Linux only. */
function times(): { busy: number; own: number; all: number } | undefined {
  let lines: string[]
  try {
    lines = readFileSync('/proc/stat', 'utf8').split('\n')
  } catch {
    return undefined
  }
  // user, nice, system, idle, iowait, irq, softirq, steal. Time stolen by other machines is not counted as load.
  const [user, nice, system, idle, wait, irq, soft] = lines[0]!.split(/\s+/).slice(1).map(Number) as number[]
  const busy = user! + nice! + system! + irq! + soft!
  return { busy, own: ownTicks(), all: busy + idle! + wait! }
}

function ownTicks(): number {
  const ticks = new Map<number, number>()
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!pid) continue
    try {
      // pid (name, with any characters) state parent …; fields 14 to 17: user and system time, of it and of ended children.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      parents.set(pid, Number(fields[1]))
      ticks.set(
        pid,
        fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0),
      )
    } catch {
      // It has ended in the meantime.
    }
  }
  const own = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || own(parents.get(pid)))
  return [...ticks].reduce((sum, [pid, its]) => (own(pid) ? sum + its : sum), 0)
}
