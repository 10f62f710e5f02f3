import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * The links of a folder of HTML files that lead nowhere: to a file that is missing, or to an anchor that its page has not.
 * `base` is the folder of the server; paths that begin with one of `apart` are not checked.
 */
export function checkSite(folder, base, apart = []) {
  const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html'))
  const anchors = new Map()
  const anchorsOf = (file) => {
    if (!anchors.has(file)) {
      const ids = readFileSync(file, 'utf8').matchAll(/\s(?:id|name)="([^"]*)"/g)
      anchors.set(file, new Set([...ids].map(([, id]) => id)))
    }
    return anchors.get(file)
  }
  return pages.flatMap((page) => {
    const html = readFileSync(join(folder, page), 'utf8')
    const links = new Set([...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link))
    return [...links].flatMap((link) => {
      if (/^(\w+:|\/\/)/.test(link) || link === '') return []
      const [path, anchor] = decodeURI(link.replaceAll('&amp;', '&')).split('#')
      const own = path.split('?')[0]
      const target =
        own === '' ? page : own.startsWith(base) ? own.slice(base.length) : join(dirname(page), own)
      if (apart.some((one) => target.startsWith(one))) return []
      const place = join(folder, target)
      const file = [place, join(place, 'index.html'), `${place}.html`].find(
        (one) => existsSync(one) && statSync(one).isFile(),
      )
      if (!file) return [`${page}: ${link}`]
      if (!anchor || !file.endsWith('.html') || anchorsOf(file).has(anchor)) return []
      return [`${page}: ${link}, which ${relative(folder, file)} does not have`]
    })
  })
}
