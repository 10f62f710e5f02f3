// Training in several processes, also on several machines, by MPI. An entry of its own, `hebb/distributed`.

export { type DistributedOptions, distributed } from './distributed'
export type { Distributed } from './ranks'
