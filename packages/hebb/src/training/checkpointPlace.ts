// Where checkpoints are: files in Node, entries of the origin's IndexedDB in a browser.
import { builtin } from '../engine/platform'
import { HebbError } from '../errors'
import { replaceFile } from '../interop/replace'

/** A place for the newest checkpoint and some older ones. */
export interface CheckpointPlace {
  /** For messages. */
  readonly name: string
  /** The newest checkpoint; undefined if there is none. */
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Replaces the newest checkpoint, atomically and durably, and keeps this many of those before it. */
  replace(bytes: Uint8Array<ArrayBuffer>, keep: number): Promise<void>
}

/** The place of a path or, in a browser, of a name. */
export function placeOf(path: string | URL): CheckpointPlace {
  const url = builtin<typeof import('node:url')>('node:url')
  const name = path instanceof URL && url ? url.fileURLToPath(path) : `${path}`
  return url ? fileAt(name) : entryOf(name)
}

/** `run.1.safetensors` of `run.safetensors`. */
function older(name: string, age: number): string {
  return age === 0 ? name : name.replace(/(\.[^./\\]*)?$/, (ending) => `.${age}${ending}`)
}

const failed = (what: string, name: string, error: unknown) =>
  new HebbError('file', `the checkpoint ${name} could not be ${what}: ${(error as Error)?.message ?? error}`)

function fileAt(name: string): CheckpointPlace {
  const fs = builtin<typeof import('node:fs/promises')>('node:fs/promises')!
  const unlessMissing = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  }
  return {
    name,
    read: () =>
      fs
        .readFile(name)
        .then((bytes) => new Uint8Array(bytes))
        .catch(unlessMissing)
        .catch((error) => {
          throw failed('read', name, error)
        }),
    async replace(bytes, keep) {
      try {
        for (let age = keep; age > 1; age--) {
          await fs.rename(older(name, age - 1), older(name, age)).catch(unlessMissing)
        }
        // A copy, so that the newest one is always there.
        const newest = keep > 0 ? await fs.readFile(name).catch(unlessMissing) : undefined
        if (newest) await replaceFile(older(name, 1), newest)
        await replaceFile(name, bytes)
      } catch (error) {
        throw failed('saved', name, error)
      }
    },
  }
}

const DATABASE = 'hebb'
const FILES = 'checkpoints'

const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** Calls `use` within a transaction, which all takes effect or nothing, and is on the disk when the promise resolves. */
async function transaction<T>(
  mode: IDBTransactionMode,
  use: (files: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE)
  opening.onupgradeneeded = () => opening.result.createObjectStore(FILES)
  const database = await settled(opening)
  try {
    const all = database.transaction(FILES, mode, { durability: 'strict' })
    const complete = new Promise<void>((resolve, reject) => {
      all.oncomplete = () => resolve()
      all.onabort = () => reject(all.error)
    })
    const [result] = await Promise.all([use(all.objectStore(FILES)), complete])
    return result
  } finally {
    database.close()
  }
}

function entryOf(name: string): CheckpointPlace {
  return {
    name,
    read: () =>
      transaction('readonly', (files) => settled(files.get(name))).catch((error) => {
        throw failed('read', name, error)
      }),
    replace: (bytes, keep) =>
      transaction('readwrite', async (files) => {
        for (let age = keep; age > 0; age--) {
          const before = await settled(files.get(older(name, age - 1)))
          if (before) files.put(before, older(name, age))
        }
        await settled(files.put(bytes, name))
      }).catch((error) => {
        throw failed('saved', name, error)
      }),
  }
}
