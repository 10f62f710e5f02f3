// An engine as a page in Chromium. All pages share one browser; each has its own renderer.
import type { Server } from 'node:http'
import { type Browser, chromium } from 'playwright'
import { args } from '../../test/helpers/launch.ts'
import type { Answer, Job } from './adapter.ts'
import type { Engine } from './child.ts'
import { serveFiles } from './files.ts'
import * as install from './install.ts'

/** Prevents slowing down of background pages. */
const AWAKE = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]

/** The globals of a page. */
interface Page {
  answer(job: Job): Promise<Answer>
}

let browser: Promise<Browser> | undefined
let open = 0

/** Opens a page with an adapter in it. */
export async function page(folder: string, options: object, isolated = true): Promise<Engine> {
  browser ??= chromium.launch({ executablePath: install.browser(), args: [...args, ...AWAKE] })
  const [own, { server, page: url }] = [await browser, await serveFiles(isolated)]
  open++
  const end = () => close(server)
  try {
    const tab = await (await own.newContext()).newPage()
    await tab.goto(url)
    const version = await tab.evaluate(
      async ([adapter, answers, options]) => {
        const { open } = await import(adapter)
        const { answering } = await import(answers)
        const opened = await open(options)
        Object.assign(globalThis, { answer: answering(opened) })
        return opened.version as string
      },
      [`/bench/engines/${folder}/adapter.ts`, '/bench/harness/adapter.ts', options] as const,
    )
    return {
      version: `${version}, Chromium ${own.version()}`,
      ask: (job) => tab.evaluate((job) => (globalThis as unknown as Page).answer(job), job as never),
      end,
    }
  } catch (error) {
    end()
    throw error
  }
}

/** Closes a page's server, and after the last page the browser. */
function close(server: Server): void {
  server.closeAllConnections()
  server.close()
  open--
  if (open > 0) return
  browser?.then((own) => own.close())
  browser = undefined
}
