// Several calls that are refused alike.
import { expect } from 'vitest'

/** Each promise is refused with a HebbError of this code that says so. */
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
