import { init } from '../engine/engines'
import { builtin } from '../engine/platform'
import { HebbError } from '../errors'
import { checkKeys, checkName, checkWhole } from '../options'
import { Guard } from './guard'
import { bound, type Launch, launch, threadsOfRank } from './launcher'
import { type Koffi, loadLibrary } from './library'
import { Mpi } from './mpi'
import { Distributed, type Job } from './ranks'

export interface DistributedOptions {
  /**
   * Into how many micro-shards each minibatch is cut, at least the number of ranks. The bits of the weights depend on it, and not on
   * the number of ranks. Default 8.
   */
  shards?: number
  /** After how long a rank gives up waiting for the others, and ends the job; at least 2,000. Default 60,000. */
  timeoutMs?: number
  /**
   * `'ordered'`, the default, sums gradients as a tree in the order of the micro-shards, so that any number of ranks has the same
   * bits. `'fast'` leaves the order to `MPI_Allreduce`.
   */
  reduce?: 'ordered' | 'fast'
}

let started = false

/**
 * Joins the job of the launcher that started this process (`mpirun`, `mpiexec`, `srun`), by the MPI library of this machine. Without
 * a launcher the process is alone, and needs no MPI. Give the result to `fit`:
 *
 * ```ts
 * const ranks = await distributed()
 * await net.fit(train, { epochs: 5, batchSize: 512, distributed: ranks })
 * ```
 *
 * If the engine does not run yet, it starts with the threads that this rank has.
 *
 * @throws HebbError `option`; `engine` if koffi or the library is missing, or belongs to another launcher
 */
export async function distributed(options: DistributedOptions = {}): Promise<Distributed> {
  checkKeys('distributed', options, ['shards', 'timeoutMs', 'reduce'])
  const { shards = 8, timeoutMs = 60_000, reduce = 'ordered' } = options
  checkWhole('distributed', 'shards', shards, 1)
  checkWhole('distributed', 'timeoutMs', timeoutMs, 2000)
  checkName('distributed', 'reduce', reduce, ['ordered', 'fast'])
  const launched = builtin('node:os') ? launch(process.env) : undefined
  if (!launched || launched.size === 1) return new Distributed(undefined, shards, reduce)
  if (shards < launched.size) {
    throw new HebbError(
      'option',
      `distributed: ${launched.size} ranks need at least as many shards, not ${shards}`,
    )
  }
  if (started) throw new HebbError('option', 'distributed: this process has joined its job already')
  started = true
  const job = await join(launched, timeoutMs, () => ranks.close())
  const ranks = new Distributed(job, shards, reduce)
  return ranks
}

/** Joins the job; `close` leaves it. */
async function join(launched: Launch, timeoutMs: number, close: () => void): Promise<Job> {
  const os = builtin<typeof import('node:os')>('node:os')!
  // Before MPI starts, because afterwards an error of one rank ends all.
  await init({ threads: threadsOfRank(launched) }).catch((error) => {
    // It runs as the program wants it to.
    if ((error as HebbError).code !== 'option') throw error
  })
  const koffi = await loadKoffi()
  const { path, library, family } = loadLibrary(koffi, launched, process.env)
  const guard = new Guard(() => new Mpi(library, family), koffi, timeoutMs, close)
  const { mpi } = guard
  if (mpi.size !== launched.size) {
    const [own, theirs] = [mpi.size, launched.size]
    guard.close()
    mpi.finalize()
    throw new HebbError(
      'engine',
      `the launcher started ${theirs} ranks, but ${path} (${family.name}) knows of ${own}: it belongs to another MPI. Name the launcher's library in HEBB_MPI_LIB`,
    )
  }
  const warning = bound(os.cpus().length)
  if (warning && mpi.rank === 0) console.warn(warning)
  return { mpi, guard }
}

async function loadKoffi(): Promise<Koffi> {
  // A name that bundlers do not follow: most programs have no MPI.
  const name = 'koffi'
  try {
    const found = await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name)
    return found.default
  } catch (error) {
    throw new HebbError(
      'engine',
      `distributed: MPI is called by the package koffi: npm install koffi (${(error as Error).message})`,
    )
  }
}
