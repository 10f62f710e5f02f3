// The service worker: pages work offline after the first visit, and have the headers that threads need, on any server.
// The build puts its own values here: the name of the store, what to keep, and a version that changes with it.
const FILES = self.__FILES__
const OWN = self.__NAME__
const CACHE = OWN + self.__VERSION__
const ISOLATING = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // Figures are made to lie in other people's pages.
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

// The first page waits for the worker, which gives it the headers: the files are fetched after that, however slow the network is.
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
/** Every page asks for this when it is loaded. */
self.addEventListener('message', (event) => event.waitUntil(keepAll()))

let keeping
/** Fetches what is not kept yet. Without a network the next page tries again. */
function keepAll() {
  keeping ??= keepMissing().catch(() => {
    keeping = undefined
  })
  return keeping
}

async function keepMissing() {
  const cache = await caches.open(CACHE)
  const kept = await Promise.all(FILES.map((file) => cache.match(file, { ignoreVary: true })))
  await cache.addAll(FILES.filter((_, i) => !kept[i]))
  // An older version serves pages without a network until this one is whole.
  const old = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const inside = new URL(request.url).href.startsWith(self.registration.scope)
  if (request.method === 'GET' && inside) event.respondWith(answer(event))
})

/** Pages come from the network while there is one, so that a new version is seen; files with a hash in their name from here. */
async function answer(event) {
  const { request } = event
  const cache = await caches.open(CACHE)
  const page = request.mode === 'navigate'
  // Some servers say that their answers vary with the origin that asks, but here all ask from the same.
  const asked = { ignoreSearch: page, ignoreVary: true }
  const known = (await cache.match(request, asked)) ?? (await caches.match(request, asked))
  if (known && !page) return isolated(known)
  try {
    const response = await fetch(request)
    if (response.status === 200) {
      // The query is the page's state, which the page reads itself.
      const key = page ? request.url.replace(/[?#].*/, '') : request
      // The answer does not wait for its copy.
      event.waitUntil(cache.put(key, response.clone()).catch(() => {}))
    }
    return isolated(response)
  } catch (error) {
    if (known) return isolated(known)
    throw error
  }
}

function isolated(response) {
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(ISOLATING)) headers.set(name, value)
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}
