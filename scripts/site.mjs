// npm run build:site: the course, the reference of the API and the playground as static files, in packages/site/dist. SITE_BASE is
// the folder of the server, if it is not the root: `SITE_BASE=/hebb/ npm run build:site`.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { checkSite } from './links.mjs'
import { fail, node, root, say } from './shell.mjs'

const site = join(root, 'packages', 'site')
const pages = join(site, 'pages')
/** The folder of a chapter of the playground, which is a page of its own. */
const CHAPTER = /^packages\/playground\/src\/chapters\/(\w+)$/
const LINK = /\]\((?!https?:|#)([^)\s]+?)(#[^)]*)?\)/g
const LANGUAGES = {
  '.rs': 'rust',
  '.ts': 'ts',
  '.mjs': 'js',
  '.py': 'python',
  '.csv': 'csv',
  '.toml': 'toml',
}

function run(cwd, ...args) {
  const { status } = spawnSync(node(), args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) fail(`${basename(args[0])} failed`)
}

/** Code outside of docs to which a page links gets a page of its own, and a folder a list of its files. */
class Sources {
  #left = []
  #all = new Map()

  /** The page of a path of the repository, relative to `pages`. */
  pageOf(path) {
    if (!this.#all.has(path)) {
      const isFolder = statSync(join(root, path)).isDirectory()
      const name = path.endsWith('.md') ? path : isFolder ? `${path}/index.md` : `${path}.md`
      this.#all.set(path, join('source', name))
      this.#left.push(path)
    }
    return this.#all.get(path)
  }

  write() {
    for (let path = this.#left.pop(); path !== undefined; path = this.#left.pop()) {
      const from = join(root, path)
      const to = join(pages, this.pageOf(path))
      mkdirSync(dirname(to), { recursive: true })
      if (statSync(from).isDirectory()) writeFileSync(to, this.#list(path))
      else if (path.endsWith('.md')) writeFileSync(to, this.page(path, this.pageOf(path)))
      else
        writeFileSync(
          to,
          `# ${path}\n\n~~~~${LANGUAGES[extname(path)] ?? 'text'}\n${readFileSync(from, 'utf8')}\n~~~~\n`,
        )
    }
  }

  #list(path) {
    const names = readdirSync(join(root, path)).filter(
      (name) => name !== 'node_modules' && !/\.(jpg|svg|png)$/.test(name),
    )
    const own = this.pageOf(path)
    const items = names.map((name) => `- [${name}](${relative(dirname(own), this.pageOf(join(path, name)))})`)
    return `# ${path}\n\n${items.join('\n')}\n`
  }

  /** A page with its links led to pages of the site; pictures are copied. */
  page(path, own) {
    const text = readFileSync(join(root, path), 'utf8')
    return text.replace(LINK, (_, link, anchor = '') => {
      const to = join(dirname(path), link)
      // The site's own router knows no page of the playground: the browser opens it.
      const target = CHAPTER.test(to) ? '{target="_self"}' : ''
      return `](${this.#target(to, own)}${anchor})${target}`
    })
  }

  #target(path, own) {
    const clean = path.replace(/\/$/, '')
    if (!existsSync(join(root, clean))) fail(`${own} links to ${clean}, which does not exist`)
    const [inDocs, name] = /^docs\/(.*)/.exec(clean) ?? []
    const [, chapter] = CHAPTER.exec(clean) ?? []
    let to
    if (chapter) to = `playground/index.html?chapter=${chapter}`
    else if (inDocs) to = name.replace(/^README\.md$/, 'index.md')
    else if (clean === 'docs') to = 'index.md'
    else if (/\.(svg|png|jpg)$/.test(clean)) {
      to = join('source', clean)
      mkdirSync(join(pages, dirname(to)), { recursive: true })
      cpSync(join(root, clean), join(pages, to))
    } else to = this.pageOf(clean)
    const way = relative(dirname(own), to)
    return way.startsWith('.') ? way : `./${way}`
  }
}

/** Gathers the Markdown of the site in `pages`. */
function gather() {
  rmSync(pages, { recursive: true, force: true })
  mkdirSync(pages, { recursive: true })
  cpSync(join(root, 'docs', 'figures'), join(pages, 'figures'), { recursive: true })
  const sources = new Sources()
  for (const name of readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))) {
    const own = name === 'README.md' ? 'index.md' : name
    writeFileSync(join(pages, own), sources.page(join('docs', name), own))
  }
  for (const path of ['ARCHITECTURE.md', 'bench/results/README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])
    sources.pageOf(path)
  sources.write()
  say('writing the reference')
  run(site, 'node_modules/typedoc/bin/typedoc', '--out', join(pages, 'api'))
}

export async function buildSite({ playground = true } = {}) {
  gather()
  say('building the site')
  run(site, 'node_modules/vitepress/bin/vitepress.js', 'build')
  if (playground) {
    run(join(root, 'packages', 'playground'), '../../node_modules/vite/bin/vite.js', 'build')
    cpSync(join(root, 'packages', 'playground', 'dist'), join(site, 'dist', 'playground'), {
      recursive: true,
    })
  }
  const wrong = checkSite(join(site, 'dist'), process.env.SITE_BASE ?? '/', playground ? [] : ['playground/'])
  if (wrong.length > 0) fail(`the site has dead links:\n${wrong.join('\n')}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build()
  await buildSite()
}
