// The service worker: pages work offline after the first visit, and have the headers that threads need, on any server.
// The build puts its own values here: the name of the store, what to fetch at once, and a version that changes with it.
const FILES = self.__FILES__
const OWN = self.__NAME__
const CACHE = OWN + self.__VERSION__
const ISOLATING = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // Figures are made to lie in other people's pages.
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== CACHE)
      await Promise.all(old.map((name) => caches.delete(name)))
      await self.clients.claim()
    })(),
  )
})

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
  const known = await cache.match(request, { ignoreSearch: page, ignoreVary: true })
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
