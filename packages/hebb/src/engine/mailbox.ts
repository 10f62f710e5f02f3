// Shared memory through which a small prediction is requested and answered: writing, noticing and reading a message with
// arrays takes longer than LeNet-5 computes.
//
//             ask (caller)             answer (engine)           ask (caller)
//   IDLE ─────────────────▶ ASKED ─────────────────────▶ DONE ────────────────▶ ASKED …
//
//   word     0       1        2        3       4          5         6 … 15   from 16 on
//           ┌───────┬────────┬────────┬───────┬──────────┬─────────┬────────┬──────────────────────┐
//           │ STATE │REQUEST │NETWORK │LENGTH │IS_FLOATS │ CARRIED │ unused │ values, CAPACITY_BYTES│
//           └───────┴────────┴────────┴───────┴──────────┴─────────┴────────┴──────────────────────┘
//   caller   ASKED   id       id       of x    of x       in x               x, and carried states
//   engine   DONE                      of y    of y                          y, the answer
//
// A side writes STATE last, and writes nothing while the other side's turn lasts.

/** Words of the header; see above. */
const STATE = 0
const REQUEST = 1
const NETWORK = 2
const LENGTH = 3
const IS_FLOATS = 4
const CARRIED = 5

/** Sixteen, because V8 copies shared values byte by byte if they do not begin at a multiple of 8. */
const HEADER_WORDS = 16
const HEADER_BYTES = 4 * HEADER_WORDS

/** The most bytes of samples, or of a network's answer: an image of 3 × 224 × 224 as floats has 602 kB. Untouched memory costs nothing. */
const CAPACITY_BYTES = 1 << 20

/** States; memory starts at 0, which is idle. */
const ASKED = 1
const DONE = 2

/** Reads of the state before the engine, or the caller, sleeps: about 80 µs, enough for a small network and one sample. */
const SPIN_LIMIT = 1 << 13

/** The most bytes of samples for which the caller spins: waking up takes 20 to 50 µs. */
const SPIN_MAX_BYTES = 1 << 13

/** How long the caller may spin between two turns of its event loop. */
const SPIN_BUDGET_MS = 4

type Values = Float32Array | Uint8Array

/** Samples for a network; `id` is the request's. The last `carried` values of x are states of recurrent layers. */
export interface PredictRequest {
  id: number
  network: number
  x: Values
  carried: number
}

/** Shared memory that holds one request at a time. */
class SharedBox {
  protected readonly header: Int32Array
  readonly #floats: Float32Array
  readonly #bytes: Uint8Array

  constructor(readonly memory: SharedArrayBuffer) {
    this.header = new Int32Array(memory, 0, HEADER_WORDS)
    this.#floats = new Float32Array(memory, HEADER_BYTES)
    this.#bytes = new Uint8Array(memory, HEADER_BYTES)
  }

  /** Spins until the state is `state`; false if it is not in time. */
  protected spin(state: number): boolean {
    for (let i = 0; i < SPIN_LIMIT; i++) if (Atomics.load(this.header, STATE) === state) return true
    return false
  }

  /** Sleeps while the state is `state`. */
  protected async sleep(state: number): Promise<void> {
    const { async, value } = Atomics.waitAsync(this.header, STATE, state)
    if (async) await value
  }

  protected set(state: number): void {
    Atomics.store(this.header, STATE, state)
    Atomics.notify(this.header, STATE)
  }

  /** Writes values; false if they do not fit. */
  protected put(values: Values): boolean {
    if (values.byteLength > CAPACITY_BYTES) return false
    const floats = values instanceof Float32Array
    this.header[LENGTH] = values.length
    this.header[IS_FLOATS] = Number(floats)
    this.#all(floats).set(values)
    return true
  }

  #all(floats: boolean): Values {
    return floats ? this.#floats : this.#bytes
  }

  /** The values that were put; undefined if they are empty. */
  protected get values(): Values | undefined {
    const length = this.header[LENGTH]!
    return length > 0 ? this.#all(this.header[IS_FLOATS] === 1).subarray(0, length) : undefined
  }
}

/** The caller's side. */
export class Mailbox extends SharedBox {
  /** When the first spin since the last turn of the event loop began. */
  #since: number | undefined

  constructor() {
    super(new SharedArrayBuffer(HEADER_BYTES + CAPACITY_BYTES))
  }

  /** Sends a request; undefined if the samples are too many. Resolves with undefined if the answer comes as a message. */
  ask({ id, network, x, carried }: PredictRequest): Promise<Values | undefined> | undefined {
    if (!this.put(x)) return undefined
    this.header[REQUEST] = id
    this.header[NETWORK] = network
    this.header[CARRIED] = carried
    this.set(ASKED)
    const answer = () => this.values?.slice()
    if (x.byteLength <= SPIN_MAX_BYTES && this.#maySpin() && this.spin(DONE)) return Promise.resolve(answer())
    return this.sleep(ASKED).then(answer)
  }

  /** Whether the event loop can wait. */
  #maySpin(): boolean {
    const now = performance.now()
    if (this.#since === undefined) setTimeout(() => (this.#since = undefined))
    this.#since ??= now
    return now - this.#since < SPIN_BUDGET_MS
  }
}

/** The engine's side, on the caller's memory. */
export class Answerer extends SharedBox {
  /** The request, until it is answered. */
  get request(): PredictRequest | undefined {
    const { header } = this
    if (header[STATE] !== ASKED) return undefined
    return { id: header[REQUEST]!, network: header[NETWORK]!, carried: header[CARRIED]!, x: this.values! }
  }

  /** Answers the request; false if the values are too many. Without values the answer is a message on its way. */
  answer(values: Values = new Uint8Array()): boolean {
    const fits = this.put(values)
    if (!fits) this.header[LENGTH] = 0
    this.set(DONE)
    return fits
  }

  /** Resolves when there may be a request. The engine spins first, so that it is awake for one that follows at once. */
  async next(): Promise<void> {
    const state = Atomics.load(this.header, STATE)
    if (!this.spin(ASKED)) await this.sleep(state)
  }
}
