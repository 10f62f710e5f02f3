// Replaces a file atomically, in Node: a reader finds the old bytes or the new bytes, never a mixture.
import { builtin } from '../engine/platform'

/** No save takes this long: an older temporary file was left by a process on another host that has died. */
const DAY_MS = 86_400_000

/**
 * Writes a temporary file beside the file and renames it; when the promise resolves, both are on the disk. The mode of an existing
 * file is kept, symbolic links are followed, and folders, devices and pipes are refused. If writing fails, nothing is left;
 * temporary files of killed processes in the folder are removed.
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
  // A link may lead to a file that does not exist yet. (stat has refused a cycle of links.)
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

  // The name has the host and the process that write it.
  const host = builtin<typeof import('node:os')>('node:os')!.hostname()
  const own = `.hebb-${host.replaceAll('/', '')}-`
  const parts = (await fs.readdir(folder!)).filter((name) => /^\.hebb-.*\.part$/.test(name))
  for (const name of parts) {
    const part = path.join(folder!, name)
    const left = name.startsWith(own) && !isAlive(Number.parseInt(name.slice(own.length), 10))
    const age = Date.now() - (await fs.stat(part).catch(() => ({ mtimeMs: Number.NaN }))).mtimeMs
    if (left || age > DAY_MS) await fs.rm(part, { force: true }).catch(() => {})
  }

  const part = path.join(folder!, `${own}${globalThis.process.pid}-${crypto.randomUUID()}.part`)
  const mode = old && old.mode & 0o7777
  try {
    const handle = await fs.open(part, 'wx', mode)
    try {
      await handle.writeFile(bytes)
      // The umask of the process removed bits of the mode.
      if (mode !== undefined) await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await fs.rename(part, place)
    await syncFolder(fs, folder!)
  } catch (error) {
    await fs.rm(part, { force: true }).catch(() => {})
    throw error
  }
}

/** Makes a rename last if the machine loses power. */
async function syncFolder(fs: typeof import('node:fs/promises'), folder: string): Promise<void> {
  // Windows opens no folders, and some network file systems do not sync them: there the rename is as durable as they make it.
  const handle = await fs.open(folder).catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Whether a process on this host runs. */
function isAlive(pid: number): boolean {
  try {
    return globalThis.process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
