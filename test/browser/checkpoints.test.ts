// A page that is reloaded in the middle of a training goes on from its checkpoint, in IndexedDB.
import { loadNetwork } from 'hebb'
import { expect, test } from 'vitest'
import { train } from './reloaded'

const NAME = 'run.safetensors'
const checkpoint = { path: NAME, every: { batches: 3 }, keep: 1 }

/** A frame that trains and tells each minibatch and the end; `reload` begins it anew. */
function page(tell: (event: { epoch: number } | string) => void) {
  const frame = document.createElement('iframe')
  const listener = ({ source, data }: MessageEvent) => {
    if (source === frame.contentWindow) tell(data)
  }
  window.addEventListener('message', listener)
  const module = new URL('./reloaded.ts', import.meta.url).href
  // Vitest's server wraps dynamic imports in a function that only its own pages have.
  frame.srcdoc = `<script>
    globalThis.__vitest_browser_runner__ = { wrapDynamicImport: (load) => load() }
  </script>
  <script type="module">
    import { train } from '${module}'
    const tell = (event) => parent.postMessage(event, '*')
    const options = { checkpoint: ${JSON.stringify(checkpoint)}, resume: true, onBatch: ({ epoch }) => tell({ epoch }) }
    train(options).then(tell, (error) => tell('failed: ' + error))
  </script>`
  document.body.append(frame)
  return {
    reload: () => frame.contentWindow!.location.reload(),
    close() {
      window.removeEventListener('message', listener)
      frame.remove()
    },
  }
}

/** The entries of the database. */
async function stored(): Promise<Map<IDBValidKey, Uint8Array<ArrayBuffer>>> {
  const opening = indexedDB.open('hebb')
  await new Promise((resolve) => {
    opening.onsuccess = resolve
  })
  const files = opening.result.transaction('checkpoints').objectStore('checkpoints')
  const [keys, values] = [files.getAllKeys(), files.getAll()]
  await new Promise((resolve) => {
    values.onsuccess = resolve
  })
  opening.result.close()
  return new Map(keys.result.map((key, i) => [key, values.result[i]]))
}

test('the bits are those of a run that was not interrupted', async () => {
  const expected = await train()
  // Each reload comes in a later epoch than the one before.
  const reloads = [1, 4, 8]
  const end = await new Promise<string>((resolve) => {
    const { reload, close } = page((event) => {
      if (typeof event === 'string') {
        close()
        resolve(event)
      } else if (event.epoch > reloads[0]!) {
        reloads.shift()
        reload()
      }
    })
  })
  expect(end).toBe(expected)
  expect(reloads).toEqual([])
  const files = await stored()
  expect([...files.keys()]).toEqual(['run.1.safetensors', NAME])
  const net = await loadNetwork(files.get(NAME)!)
  expect(net.optimizerState?.type).toBe('adam')
  // Here too nothing is left to do.
  expect(await train({ resume: NAME })).toBe(expected)
  await expect(train({ resume: NAME, batchSize: 9 })).rejects.toMatchObject({ code: 'option' })
})

test('without a checkpoint there is nothing to resume', async () => {
  await expect(train({ resume: 'none' })).rejects.toMatchObject({
    code: 'file',
    message: expect.stringContaining('there is no checkpoint none'),
  })
})
