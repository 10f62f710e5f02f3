// Several calls that must fail alike.
import { expect } from 'vitest'

/** Each promise rejects with a HebbError of this code and message. */
export const refused = (code: string, text: string | RegExp, ...promises: (() => Promise<unknown>)[]) =>
  Promise.all(
    promises.map((promise) =>
      expect((async () => promise())()).rejects.toMatchObject({
        name: 'HebbError',
        code,
        message: typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text),
      }),
    ),
  )
