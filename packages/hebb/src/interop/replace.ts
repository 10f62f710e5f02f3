// Replacing a file in one move, in Node: a reader finds the old bytes or the new ones, never a part.
import { builtin } from '../engine/platform'

/** No save takes as long: an older temporary file was left by a process that nobody can ask about. */
const DAY_MS = 86_400_000

/**
 * Writes a file through a temporary one of its own beside it, and then renames that. Keeps the mode of the file that
 * was there, writes through symbolic links, and refuses folders, devices and pipes. If writing fails nothing is left;
 * what a killed process left in the folder is removed.
 */
export async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const fs = builtin<typeof import('node:fs/promises')>('node:fs/promises')!
  const path = builtin<typeof import('node:path')>('node:path')!
  const old = await fs.stat(file).catch((error) => {
    if (error.code !== 'ENOENT' || file.endsWith(path.sep)) throw error
    return undefined
  })
  if (old && !old.isFile()) {
    throw new Error(`${file} is ${old.isDirectory() ? 'a folder' : 'a device or a pipe'}, not a file`)
  }
  // A link may lead to a file that is still to come. (A ring of links has no status.)
  let place = file
  let folder: string
  for (let to: string | undefined = file; to !== undefined; ) {
    place = to
    folder = await fs.realpath(path.dirname(place))
    place = path.join(folder, path.basename(place))
    to = await fs.readlink(place).then(
      (link) => path.resolve(folder, link),
      () => undefined,
    )
  }

  // Named after the host and the process that write it.
  const host = builtin<typeof import('node:os')>('node:os')!.hostname()
  const own = `.hebb-${host.replaceAll('/', '')}-`
  const parts = (await fs.readdir(folder!)).filter((name) => /^\.hebb-.*\.part$/.test(name))
  for (const name of parts) {
    const part = path.join(folder!, name)
    const left = name.startsWith(own) && !isAlive(Number.parseInt(name.slice(own.length), 10))
    const age = Date.now() - (await fs.stat(part).catch(() => ({ mtimeMs: Number.NaN }))).mtimeMs
    if (left || age > DAY_MS) await fs.rm(part, { force: true }).catch(() => {})
  }

  const part = path.join(folder!, `${own}${process.pid}-${crypto.randomUUID()}.part`)
  const mode = old && old.mode & 0o7777
  try {
    const handle = await fs.open(part, 'wx', mode)
    try {
      await handle.writeFile(bytes)
      // The process's mask has taken some of it away.
      if (mode !== undefined) await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await fs.rename(part, place)
  } catch (error) {
    await fs.rm(part, { force: true }).catch(() => {})
    throw error
  }
}

/** Whether a process of this host runs. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
