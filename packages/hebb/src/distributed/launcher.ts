// What the program that started this process says about the job, in its environment.
import { parallelism } from '../engine/platform'

/** The job that a launcher started. */
export interface Launch {
  /** How many ranks it started. */
  size: number
  /** How many of them on this machine, if it says so. */
  local: number | undefined
  /** Which MPI it is of, if that is known. */
  family: 'openmpi' | 'mpich' | undefined
}

/** The launcher's variables: of Open MPI, of Hydra (MPICH, Intel MPI), and of Slurm, whose job step alone counts. */
const LAUNCHERS = [
  { size: 'OMPI_COMM_WORLD_SIZE', local: 'OMPI_COMM_WORLD_LOCAL_SIZE', family: 'openmpi' },
  { size: 'PMI_SIZE', local: 'MPI_LOCALNRANKS', family: 'mpich' },
  { size: 'SLURM_STEP_NUM_TASKS', local: 'SLURM_NTASKS_PER_NODE', family: undefined },
] as const

/** The launcher's job; undefined if there is none. */
export function launch(env: Readonly<Record<string, string | undefined>>): Launch | undefined {
  const found = LAUNCHERS.find(({ size }) => Number(env[size]) >= 1)
  if (!found) return undefined
  const local = Number(env[found.local])
  return { size: Number(env[found.size]), local: local >= 1 ? local : undefined, family: found.family }
}

/** The threads of a rank, if those of this machine share its cores. */
export function threadsOfRank({ local, size }: Launch): number {
  return Math.max(1, Math.min(16, Math.floor(parallelism() / (local ?? size))))
}

/** The warning if the launcher bound each rank to one core of many. */
export function bound(cores: number): string | undefined {
  if (parallelism() > 1 || cores < 2) return undefined
  return (
    `hebb/distributed: the launcher bound each rank to one of ${cores} cores, on which all its threads would run: ` +
    'give mpirun --bind-to none, srun --cpu-bind=none'
  )
}
