import 'katex/dist/katex.min.css'
import type { Theme } from 'vitepress'
import theme from 'vitepress/theme'
import './style.css'

export default {
  extends: theme,
  enhanceApp() {
    if (import.meta.env.SSR || !import.meta.env.PROD || !('serviceWorker' in navigator)) return
    // Where service workers are forbidden (private windows, plain http), the pages need the network.
    navigator.serviceWorker
      .register(`${import.meta.env.BASE_URL}service.js`)
      .then(() => navigator.serviceWorker.ready)
      .then(({ active }) => active?.postMessage('keep'))
      .catch(() => {})
  },
} satisfies Theme
