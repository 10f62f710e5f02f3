// SvelteKit: its page is rendered where it is built, too, where Hebb is only imported.
import { app } from './app.mjs'

const KIT = '3.2.0'
const packages = {
  '@sveltejs/adapter-static': '4.0.1',
  '@sveltejs/kit': KIT,
  '@sveltejs/vite-plugin-svelte': '7.3.1',
  svelte: '5.57.3',
  vite: '8.4.0',
}
const files = {
  'vite.config.mjs': `import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
export default { plugins: [sveltekit({ adapter: adapter({ pages: 'dist', assets: 'dist' }) })] }`,
  'src/app.html': `<!doctype html><html><head><link rel="icon" href="data:,">%sveltekit.head%</head>
<body>%sveltekit.body%</body></html>`,
  'src/routes/+page.js': 'export const prerender = true',
  'src/routes/+page.svelte': `<script>
  import { onMount } from 'svelte'
  import { check } from '../../program.mjs'
  onMount(() => { globalThis.check = check })
</script>
<p>ready</p>`,
}

/** The row; `visit` checks the page of a folder. */
export const sveltekit = (visit) => ({
  name: 'SvelteKit',
  version: KIT,
  run(tools) {
    const { at, bin, run } = app('sveltekit', { packages, files })
    run(process.execPath, [bin('vite'), 'build'])
    return visit(tools, at('dist'))
  },
})
