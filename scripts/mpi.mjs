// MPI for the tests of training in several processes.
import { output, run, say } from './shell.mjs'

/** The path of Open MPI's launcher, installed from Debian's packages if missing; undefined where there is none. */
export function openMpi() {
  const find = () => output('sh', ['-c', 'command -v mpirun.openmpi || command -v mpirun'])
  if (!find() && output('dpkg', ['--version']) && process.getuid?.() === 0) {
    say("installing Debian's Open MPI")
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'openmpi-bin', 'libopenmpi3'])
  }
  return find()
}
