// The site: the pages that `npm run build:site` has gathered in `pages`.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DefaultTheme, defineConfig } from 'vitepress'
import { serviceWorker } from '../../playground/service.ts'
import { math } from './math.ts'

const pages = join(import.meta.dirname, '..', 'pages')

/** The chapters, in the order of the list in docs/README.md. */
function chapters(): DefaultTheme.SidebarItem[] {
  const text = readFileSync(join(pages, 'index.md'), 'utf8')
  const entries = [...text.matchAll(/^(?:\d+\. | *- )?\[(.+?)\]\((?:\.\/)?([\w-]+)\.md\)/gm)]
  return entries.map(([, title, name]) => ({ text: title!, link: `/${name}` }))
}

/** TypeDoc's name for `hebb` itself. */
const MAIN = 'index'

const folders = (path: string) =>
  readdirSync(join(pages, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}`)

/** The sidebars of the reference: a folder lists its own members only, because each of hundreds of pages contains its list. */
function reference(): Record<string, DefaultTheme.SidebarItem[]> {
  const modules = folders('api').map((path) => {
    const name = path.slice('api/'.length)
    return { text: name === MAIN ? 'hebb' : `hebb/${name}`, link: `/${path}/` }
  })
  const sidebars: Record<string, DefaultTheme.SidebarItem[]> = {
    '/api/': [{ text: 'Reference', items: modules }],
  }
  for (const path of readdirSync(join(pages, 'api'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => `api${join(parentPath, name).slice(join(pages, 'api').length)}`)) {
    const members = readdirSync(join(pages, path))
      .filter((name) => name.endsWith('.md') && name !== 'index.md')
      .map((name) => ({ text: name.replace('.md', ''), link: `/${path}/${name.replace('.md', '')}` }))
    if (members.length > 0)
      sidebars[`/${path}/`] = [
        { text: path.split('/').slice(2).join(', '), items: members },
        { text: 'Reference', items: modules },
      ]
  }
  return sidebars
}

/** A heading's anchor as GitHub names it, so that links work in both places. */
const slugify = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')

/** Hundreds of pages of the reference and of sources are kept when they are opened; the course is kept at once. */
const LATER = /^(api|source)\/|^assets\/(api|source)_/

/** The service worker, by which the course is read without a network after the first visit. */
function keepOffline(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => statSync(join(folder, name)).isFile() && !LATER.test(name))
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
  writeFileSync(join(folder, 'service.js'), serviceWorker('site', files))
}

export default defineConfig({
  srcDir: 'pages',
  outDir: 'dist',
  buildEnd: ({ outDir }) => keepOffline(outDir),
  cacheDir: '.vitepress/cache',
  base: process.env.SITE_BASE ?? '/',
  lang: 'en',
  // Else each of hundreds of pages contains the names of all.
  metaChunk: true,
  title: 'Hebb',
  description:
    'Neural networks that train, in TypeScript and WebAssembly: the course, the reference, the playground',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // The figures follow the system's light or dark colours, and so does the page.
  appearance: 'force-auto',
  markdown: {
    anchor: { slugify },
    config: (md) => math(md as never),
    theme: { light: 'github-light', dark: 'github-dark' },
  },
  // Checked by `npm run build:site`, which knows the playground too.
  ignoreDeadLinks: true,
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Course', link: '/' },
      { text: 'Reference', link: '/api/' },
      { text: 'Playground', link: '/playground/index.html', target: '_self' },
      { text: 'Benchmarks', link: '/source/bench/results/README.md' },
      { text: 'How it works', link: '/source/ARCHITECTURE.md' },
    ],
    sidebar: { ...reference(), '/': [{ text: 'The course', items: chapters() }] },
    outline: [2, 3],
  },
})
