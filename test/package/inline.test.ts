// The package's files inside the JavaScript: programs and pages of a single file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { args, executablePath, isolating } from '../helpers/launch'
import { closeAll, esbuild, serve, TRAIN, unpacked } from '../helpers/packed'

const { folder, node, remove } = unpacked()
const at = (...path: string[]) => join(folder, ...path)
let browser: Browser

beforeAll(async () => {
  writeFileSync(at('train.mjs'), TRAIN)
  const classic = `hopfield({ units: 4 })
    await memory.store([[1, -1, 1, -1]])
    const { state } = await memory.recall([1, -1, 1, 1])
    return { ...result, recalled: [...state].join() }`
  writeFileSync(
    at('inlined.mjs'),
    `import { hopfield } from 'hebb'
    import { inline } from 'hebb/inline'
    import { train } from './train.mjs'
    export async function inlined(options) {
      const result = await train({ ...(await inline()), ...options })
      const memory = await ${classic}
    }`,
  )
  writeFileSync(
    at('program.mjs'),
    `import { inlined } from './inlined.mjs'
    inlined(JSON.parse(process.argv[2])).then((result) => console.log(JSON.stringify(result)))`,
  )
  writeFileSync(at('page.mjs'), `import { inlined } from './inlined.mjs'\nglobalThis.inlined = inlined`)
  mkdirSync(at('alone'))
  const common = { bundle: true, minify: true, logLevel: 'error', legalComments: 'none' }
  const [program, page] = [at('alone', 'program.cjs'), at('alone', 'page.js')]
  await esbuild({
    ...common,
    entryPoints: [at('program.mjs')],
    outfile: program,
    format: 'cjs',
    platform: 'node',
  })
  await esbuild({ ...common, entryPoints: [at('page.mjs')], outfile: page, format: 'iife' })
  browser = await chromium.launch({ executablePath, args })
})
afterAll(async () => {
  await browser?.close()
  closeAll()
  remove()
})

const right = { answers: '0 1 1 0', recalled: '1,-1,1,-1' }

test('a program of one CommonJS file trains with threads, or in its own thread', () => {
  const run = (options: object) => JSON.parse(node(at('alone', 'program.cjs'), JSON.stringify(options)))
  expect(run({ threads: 3 })).toMatchObject({ ...right, threads: 3, isolated: true, reason: '' })
  expect(run({ thread: 'here' })).toMatchObject({ ...right, threads: 1 })
})

test('a page of one file trains with threads, and asks for no other', async () => {
  const script = readFileSync(at('alone', 'page.js'), 'utf8').replaceAll('</script', '<\\/script')
  const html = `<!doctype html><link rel="icon" href="data:,"><script>${script}</script>`
  writeFileSync(at('alone', 'index.html'), html)
  const policy =
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; img-src data:"
  for (const headers of [isolating, { ...isolating, 'Content-Security-Policy': policy }, {}]) {
    const origin = await serve(at('alone'), () => headers)
    const tab = await browser.newPage()
    const asked: string[] = []
    tab.on('request', (request) => asked.push(new URL(request.url()).protocol))
    await tab.goto(`${origin}/index.html`)
    const result = await tab.evaluate('inlined({ threads: 2 })')
    expect(result).toMatchObject({ ...right, threads: 'Cross-Origin-Opener-Policy' in headers ? 2 : 1 })
    expect(asked.filter((protocol) => protocol.startsWith('http'))).toHaveLength(1)
    await tab.close()
  }
})
