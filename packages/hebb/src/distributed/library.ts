// The MPI libraries: where they are, and their constants, which differ.
import { builtin } from '../engine/platform'
import { HebbError } from '../errors'
import type { Launch } from './launcher'

/** What is used of koffi, which calls C functions. */
export interface Koffi {
  load(path: string, options: { global: boolean }): Library
}

/** A C function; `async` runs it on a thread of koffi's. */
export interface Foreign {
  (...args: unknown[]): number
  async(...args: [...unknown[], (error: Error | null, value: number) => void]): void
}

export interface Library {
  func(name: string, result: string, parameters: readonly string[]): Foreign
  symbol(name: string, type: string): unknown
}

/** A kind of MPI library: the C type of its handles, and its constants. */
export interface Family {
  name: string
  handle: 'int' | 'void *'
  world: unknown
  float: unknown
  byte: unknown
  sum: unknown
  /** The address that means `in place`. */
  inPlace: bigint
  /** The thread level at which any thread may call. */
  multiple: number
}

/** Names of libraries, of which the first that can be loaded is taken. */
const NAMES = {
  openmpi: ['libmpi.so.40', 'libmpi.so.80', 'libmpi.40.dylib'],
  mpich: ['libmpi.so.12', 'libmpich.so.12', 'libmpi_abi.so.1', 'libmpi.12.dylib', 'libmpi_abi.1.dylib'],
}

/** Loads the library: the one that `HEBB_MPI_LIB` names, else one of the launcher's, from beside the launcher or by its name. */
export function loadLibrary(koffi: Koffi, { family }: Launch, env: Record<string, string | undefined>) {
  const own = env.HEBB_MPI_LIB
  const names = family ? NAMES[family] : [...NAMES.openmpi, ...NAMES.mpich]
  const candidates = own ? [own] : [...beside(names, env.PATH), ...names]
  const failures: string[] = []
  for (const path of candidates) {
    try {
      const library = koffi.load(path, { global: true })
      return { path, library, family: familyOf(library, path) }
    } catch (error) {
      failures.push(`${path}: ${(error as Error).message}`)
    }
  }
  throw new HebbError(
    'engine',
    `the launcher's MPI library was not found. Name it, as HEBB_MPI_LIB=/usr/lib/libmpi.so.40; tried ${failures.join('; ')}`,
  )
}

/** Libraries in `lib` beside the `bin` of the program that started this process, or of the first launcher of the path. */
function beside(names: readonly string[], path = ''): string[] {
  const fs = builtin<typeof import('node:fs')>('node:fs')!
  const folders = path.split(':').filter((folder) => fs.existsSync(`${folder}/mpiexec`))
  try {
    folders.unshift(fs.realpathSync(`/proc/${process.ppid}/exe`).replace(/\/[^/]*$/, ''))
  } catch {
    // Not on Linux.
  }
  const all = folders.flatMap((folder) => names.map((name) => `${folder}/../lib/${name}`))
  return all.filter((file) => fs.existsSync(file))
}

function familyOf(library: Library, path: string): Family {
  if (/mpi_abi/.test(path)) {
    return {
      name: 'the standard ABI',
      handle: 'void *',
      world: 0x101n,
      float: 0x210n,
      byte: 0x247n,
      sum: 0x21n,
      inPlace: 1n,
      multiple: 4096,
    }
  }
  try {
    const [world, float, byte, sum] = ['comm_world', 'float', 'byte', 'op_sum'].map((name) =>
      library.symbol(`ompi_mpi_${name}`, 'char'),
    )
    return { name: 'Open MPI', handle: 'void *', world, float, byte, sum, inPlace: 1n, multiple: 3 }
  } catch {
    return {
      name: 'MPICH',
      handle: 'int',
      world: 0x44000000,
      float: 0x4c00040a,
      byte: 0x4c00010d,
      sum: 0x58000003,
      inPlace: -1n,
      multiple: 3,
    }
  }
}
