// Two hosts on this machine: network namespaces with a link between them. Needs root and `ip`.
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Launcher } from './ranks.ts'
import { root } from './root.ts'

const NAMES = ['hebb0', 'hebb1'] as const
const ip = (...args: string[]) => execFileSync('ip', args, { encoding: 'utf8' })
const set = (key: string, value: string) => ['--mca', key, value]

/** Whether there can be hosts here. */
export const canHaveHosts = process.getuid?.() === 0 && spawnSync('ip', ['-V']).status === 0

/** Makes the hosts for the time of `work`, which gets Open MPI with a rank on each. */
export async function withHosts(openMpi: Launcher, work: (hosts: Hosts) => Promise<void>): Promise<void> {
  const remove = () => {
    for (const name of NAMES) {
      // What its launcher cannot reach any more.
      const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
      const pids = stdout.split('\n').filter(Boolean)
      if (pids.length > 0) spawnSync('kill', ['-9', ...pids])
      spawnSync('ip', ['netns', 'del', name])
    }
  }
  // Those of a run that was interrupted.
  remove()
  try {
    for (const name of NAMES) ip('netns', 'add', name)
    const [first, second] = NAMES
    ip('link', 'add', 'veth0', 'netns', first, 'type', 'veth', 'peer', 'name', 'veth1', 'netns', second)
    for (const [i, name] of NAMES.entries()) {
      ip('-n', name, 'addr', 'add', `10.77.0.${i + 1}/24`, 'dev', `veth${i}`)
      ip('-n', name, 'link', 'set', `veth${i}`, 'up')
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    await work(new Hosts(openMpi))
  } finally {
    remove()
  }
}

export class Hosts {
  /** Starts its ranks in the first host, and by a shell in the second. */
  readonly launcher: Launcher

  constructor({ command, args }: Launcher) {
    const network = ['btl_tcp_if_include', 'oob_tcp_if_include'].flatMap((key) => set(key, '10.77.0.0/24'))
    const agent = set('plm_rsh_agent', join(root, 'test', 'helpers', 'namespace.sh'))
    const where = ['--host', '10.77.0.1:1,10.77.0.2:1']
    this.launcher = {
      command: 'ip',
      args: (ranks) => [
        'netns',
        'exec',
        NAMES[0],
        command,
        ...args(ranks),
        ...set('btl', 'tcp,self'),
        ...network,
        ...agent,
        ...where,
      ],
    }
  }

  /** The programs of Node that run on the hosts. */
  programs(): number {
    const pids = NAMES.flatMap((name) => ip('netns', 'pids', name).split('\n').filter(Boolean))
    const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', pids.join() || '0'], { encoding: 'utf8' })
    return stdout.split('\n').filter((line) => line.startsWith(process.execPath)).length
  }

  /** Takes the link down. */
  cut(): void {
    ip('-n', NAMES[1], 'link', 'set', 'veth1', 'down')
  }
}
