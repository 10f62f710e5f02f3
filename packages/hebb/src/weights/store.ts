// Where verified downloads are kept: a folder of the user in Node, the origin's private file system in a browser.
import { builtin } from '../engine/platform'

/** A stored file. */
export interface Stored {
  name: string
  bytes: number
}

/** A file that grows. */
export interface Growing {
  append(piece: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Files by name. */
export interface Store {
  list(): Promise<Stored[]>
  /** The file's contents; undefined if there is none. */
  read(name: string): Promise<Blob | undefined>
  /** Opens a file to append to its first `from` bytes. */
  grow(name: string, from: number): Promise<Growing>
  rename(from: string, to: string): Promise<void>
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>
}

/** The store of this host; undefined if it has none. */
export async function openStore(): Promise<Store | undefined> {
  const fs = builtin<typeof import('node:fs')>('node:fs')
  if (fs) return nodeStore(fs)
  // Private windows, and pages without a secure origin, have none.
  const root = await navigator.storage?.getDirectory?.().catch(() => undefined)
  const folder = await root?.getDirectoryHandle('hebb', { create: true }).catch(() => undefined)
  return folder && browserStore(folder)
}

/** The folder of caches, as each system has it. */
function cacheFolder(): string {
  const path = builtin<typeof import('node:path')>('node:path')!
  const home = builtin<typeof import('node:os')>('node:os')!.homedir()
  const { env, platform } = globalThis.process
  if (env.HEBB_CACHE) return env.HEBB_CACHE
  if (platform === 'win32') return path.join(env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'hebb')
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'hebb')
  return path.join(env.XDG_CACHE_HOME ?? path.join(home, '.cache'), 'hebb')
}

function nodeStore(fs: typeof import('node:fs')): Store {
  const path = builtin<typeof import('node:path')>('node:path')!
  const folder = cacheFolder()
  const at = (name: string) => path.join(folder, name)
  return {
    async list() {
      const names = await fs.promises.readdir(folder).catch(() => [] as string[])
      return Promise.all(
        names.map(async (name) => ({ name, bytes: (await fs.promises.stat(at(name))).size })),
      )
    },
    async read(name) {
      return fs.existsSync(at(name)) ? fs.openAsBlob(at(name)) : undefined
    },
    async grow(name, from) {
      await fs.promises.mkdir(folder, { recursive: true })
      const file = await fs.promises.open(at(name), from > 0 ? 'r+' : 'w')
      let end = from
      return {
        append: async (piece) => {
          for (let done = 0; done < piece.length; ) {
            const { bytesWritten } = await file.write(piece, done, piece.length - done, end)
            done += bytesWritten
            end += bytesWritten
          }
        },
        close: () => file.close(),
      }
    },
    rename: (from, to) => fs.promises.rename(at(from), at(to)),
    remove: (name) => fs.promises.rm(at(name), { force: true }),
  }
}

function browserStore(folder: FileSystemDirectoryHandle): Store {
  const find = (name: string) => folder.getFileHandle(name).catch(() => undefined)
  return {
    async list() {
      const files: Stored[] = []
      for await (const handle of (
        folder as unknown as { values(): AsyncIterable<FileSystemFileHandle> }
      ).values())
        files.push({ name: handle.name, bytes: (await handle.getFile()).size })
      return files
    },
    read: async (name) => (await find(name))?.getFile(),
    async grow(name, from) {
      const handle = await folder.getFileHandle(name, { create: true })
      const file = await handle.createWritable({ keepExistingData: from > 0 })
      await file.seek(from)
      return {
        append: (piece) => file.write(piece as Uint8Array<ArrayBuffer>),
        close: () => file.close(),
      }
    },
    // Every file here is the work of one download, so that copying is as good as moving, which some browsers lack.
    async rename(from, to) {
      const handle = (await find(from))!
      const move = (handle as { move?(name: string): Promise<void> }).move
      if (move) return move.call(handle, to)
      const target = await (await folder.getFileHandle(to, { create: true })).createWritable()
      await (await handle.getFile()).stream().pipeTo(target)
      await folder.removeEntry(from)
    },
    remove: (name) => folder.removeEntry(name).catch(() => {}),
  }
}
