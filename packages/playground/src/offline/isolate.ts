// Registers the service worker, which keeps the pages for offline use and sends the headers that threads need.

const RELOADED = 'hebb: reloaded to be isolated'
/** How long to wait for the service worker before the page goes on without it. */
const PATIENCE = 5000

/**
 * Isolates the page, with one reload at most; never settles if it reloads. Returns at once if the page is isolated already, or
 * cannot be: then the engine has one thread.
 */
export async function isolate(): Promise<void> {
  // Vite's development server sends the headers itself, and its files must not be kept.
  if (import.meta.env.MODE === 'development' || !('serviceWorker' in navigator)) return
  const registered = navigator.serviceWorker
    .register(new URL('service.js', document.baseURI), { scope: new URL('.', document.baseURI).pathname })
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => active?.postMessage('keep'))
  // Where service workers are forbidden (private windows, plain http), the page works as it is.
  const ready = registered.then(
    () => true,
    () => false,
  )
  // A frame is isolated only if the page around it is.
  if (crossOriginIsolated || window.top !== window) return
  const patience = new Promise<false>((resolve) => setTimeout(() => resolve(false), PATIENCE))
  if (!(await Promise.race([ready, patience])) || reloadedBefore()) return
  location.reload()
  await new Promise(() => {})
}

/** Whether this visit has reloaded once; true from now on. */
function reloadedBefore(): boolean {
  try {
    const before = sessionStorage.getItem(RELOADED) !== null
    sessionStorage.setItem(RELOADED, 'yes')
    return before
  } catch {
    // Without storage a second reload could not be prevented.
    return true
  }
}
