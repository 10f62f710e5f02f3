// The playground, built and served as for users, and driven in Chromium.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, expect, inject, vi } from 'vitest'
import { args, executablePath } from './launch'
import { root } from './root'

export const playground = join(root, 'packages/playground')
const axe = readFileSync(createRequire(join(playground, 'package.json')).resolve('axe-core'), 'utf8')

/** Serves the pages for the tests of a file; the first one builds them. */
export function served() {
  const outDir = inject('builtPages')
  const now = {} as { server: PreviewServer; browser: Browser; outDir: string }
  beforeAll(async () => {
    const settings = { root: playground, logLevel: 'warn', build: { outDir, emptyOutDir: true } } as const
    if (!existsSync(join(outDir, 'index.html'))) await build(settings)
    now.server = await preview({ ...settings, preview: { port: 0 } })
    now.browser = await chromium.launch({ executablePath, args })
    now.outDir = outDir
  })
  afterAll(async () => {
    await now.browser?.close()
    await now.server?.close()
  })

  /** A page with a started engine, and its errors. */
  const open = async (query: string) => {
    const page = await now.browser.newPage({
      viewport: { width: 1280, height: 900 },
      serviceWorkers: 'block',
    })
    page.setDefaultTimeout(90_000)
    const errors: string[] = []
    page.on('console', (message) => {
      const blocked = message.text() === 'Service Worker registration blocked by Playwright'
      if (['error', 'warning'].includes(message.type()) && !blocked) errors.push(message.text())
    })
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(`${now.server.resolvedUrls!.local[0]}${query}`)
    await page.waitForSelector('#engine')
    return { page, errors }
  }
  return { now, open }
}

/**
 * Watches the pages' own threads; the result ends this, and is the longest of their tasks in milliseconds of the processor's
 * time: a loaded machine lets a task wait, but does not make it longer.
 */
export async function watchTasks(page: Page): Promise<() => Promise<number>> {
  interface Event {
    name: string
    pid: number
    tid: number
    /** Microseconds of the processor. */
    tdur?: number
    args: { name?: string }
  }
  const browser = page.context().browser()!
  await browser.startTracing(page, { categories: ['toplevel'] })
  return async () => {
    const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: Event[] }
    const thread = ({ pid, tid }: Event) => `${pid} ${tid}`
    const own = new Set(
      traceEvents
        .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
        .map(thread),
    )
    const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && own.has(thread(event)))
    expect(tasks.length).toBeGreaterThan(0)
    return Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1000
  }
}

/**
 * The query of the page's address, which follows what is shown four times a second. The timer is the page's own, so that it
 * comes after the one that writes the address, however loaded the machine is.
 */
export function link(page: { evaluate: (asked: () => Promise<string>) => Promise<string> }): Promise<string> {
  return page.evaluate(() => new Promise((done) => setTimeout(() => done(location.search), 300)))
}

/** Waits until pages say the same of what they show: each may still be computing it. */
export function expectAlike<P>(seen: (page: P) => Promise<unknown>, one: P, other: P): Promise<void> {
  const compare = async () => expect(await seen(other)).toEqual(await seen(one))
  return vi.waitFor(compare, { timeout: 90_000, interval: 200 })
}

/** What a page says once it has not changed for so many milliseconds: what was on its way has come. */
export async function atRest<T>(page: Page, seen: () => Promise<T>, milliseconds = 500): Promise<T> {
  for (let before = await seen(); ; ) {
    await page.waitForTimeout(milliseconds)
    const now = await seen()
    if (now === before) return now
    before = now
  }
}

export const press = (page: Page, name: string) => page.click(`button:text-is("${name}")`)

/** The bytes of the file that the page saves under a name. */
export async function saved(page: Page, name: string): Promise<Buffer> {
  const download = page.waitForEvent('download')
  await press(page, `Save as ${name}`)
  return readFileSync(await (await download).path())
}

/** Axe's rules that depend on sizes and colours; the others find the same in every window. */
const SEEN = ['color-contrast', 'scrollable-region-focusable', 'target-size']

/** In a desktop's window and a phone's, light and dark: nothing is wider than it, and axe finds nothing serious. */
export async function expectFit(page: Page, name: string): Promise<void> {
  await page.evaluate(axe)
  let rules: string[] | undefined
  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      // What is drawn has the new size and colours after the next frame.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      )
      const { SCREENSHOTS } = process.env
      if (SCREENSHOTS) {
        await page.screenshot({
          path: join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`),
          fullPage: true,
        })
      }
      const wider = await page.evaluate(() => {
        const edge = document.documentElement.clientWidth
        if (document.documentElement.scrollWidth <= edge) return []
        return [...document.querySelectorAll('#app *')]
          .filter(
            (one) => one.getBoundingClientRect().right > edge && !one.closest('.scroll, .editor, .formula'),
          )
          .map((one) => one.outerHTML.slice(0, 120))
      })
      expect(wider).toEqual([])
      expect(await serious(page, rules)).toEqual([])
      rules = SEEN
    }
  }
}

function serious(page: Page, runOnly?: string[]): Promise<string[]> {
  return page.evaluate(
    async (options) => {
      interface Violation {
        id: string
        impact: string
        nodes: { html: string }[]
      }
      const { axe } = globalThis as unknown as {
        axe: { run: (options: object) => Promise<{ violations: Violation[] }> }
      }
      const { violations } = await axe.run(options)
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    },
    runOnly ? { runOnly } : {},
  )
}

/** Replaces the program on the page by another text, made of the one that is there, and runs it. */
export async function runProgram(page: Page, change: (text: string) => string): Promise<string> {
  const editor = page.locator('.editor textarea')
  await editor.fill(change(await editor.inputValue()))
  await editor.press('Control+Enter')
  await page.waitForSelector('.output[data-busy="false"] > *')
  return (await page.textContent('.output'))!
}
