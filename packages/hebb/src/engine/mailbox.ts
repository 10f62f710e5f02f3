// Shared memory in which a small prediction is asked for and answered: a message that carries arrays takes longer to be
// written, noticed and read than LeNet-5 takes to compute.

/** Bytes of samples, or of what a network answers: 64 images of MNIST as floats have 200 kB. */
const ROOM = 1 << 18
/**
 * Words before the values: state, request, network, how many, whether they are floats. Sixteen, for V8 copies shared values
 * byte by byte if they do not begin at a multiple of 8.
 */
const HEAD = 16

/** A state: a question waits for the engine, or it has been seen to. */
const ASKED = 1
const DONE = 2

/** Looks before the engine rests, or who asked: some 80 µs, in which a small network answers to a sample. */
const LOOKS = 1 << 13

/** Bytes of samples that are few enough to look for the answer: to be woken takes 20 to 50 µs. */
const FEW = 1 << 13

/** Milliseconds for which answers may be looked for without a turn of the event loop between them. */
const STRETCH = 4

type Values = Float32Array | Uint8Array

/** Samples for a network; `id` is the request's. */
export interface Question {
  id: number
  network: number
  x: Values
}

/** Shared memory that holds one question at a time. */
class Box {
  protected readonly head: Int32Array
  readonly #floats: Float32Array
  readonly #bytes: Uint8Array

  constructor(readonly memory: SharedArrayBuffer) {
    this.head = new Int32Array(memory, 0, HEAD)
    this.#floats = new Float32Array(memory, 4 * HEAD)
    this.#bytes = new Uint8Array(memory, 4 * HEAD)
  }

  /** Whether the state comes soon. */
  protected look(state: number): boolean {
    for (let looks = 0; looks < LOOKS; looks++) if (Atomics.load(this.head, 0) === state) return true
    return false
  }

  /** Waits for another state. */
  protected async other(state: number): Promise<void> {
    const { async, value } = Atomics.waitAsync(this.head, 0, state)
    if (async) await value
  }

  protected change(state: number): void {
    Atomics.store(this.head, 0, state)
    Atomics.notify(this.head, 0)
  }

  protected put(values: Values): boolean {
    if (values.byteLength > ROOM) return false
    const floats = values instanceof Float32Array
    this.head[3] = values.length
    this.head[4] = Number(floats)
    this.#all(floats).set(values)
    return true
  }

  #all(floats: boolean): Values {
    return floats ? this.#floats : this.#bytes
  }

  /** What was put, unless it is nothing. */
  protected get values(): Values | undefined {
    const length = this.head[3]!
    return length > 0 ? this.#all(this.head[4] === 1).subarray(0, length) : undefined
  }
}

/** The side that asks. */
export class Mailbox extends Box {
  /** When answers began to be looked for, since the event loop had its last turn. */
  #since: number | undefined

  constructor() {
    super(new SharedArrayBuffer(4 * HEAD + ROOM))
  }

  /** Asks, unless the samples are too many. The answer is undefined if it comes as a message. */
  ask({ id, network, x }: Question): Promise<Values | undefined> | undefined {
    if (!this.put(x)) return undefined
    this.head[1] = id
    this.head[2] = network
    this.change(ASKED)
    const answer = () => this.values?.slice()
    if (x.byteLength <= FEW && this.#mayLook() && this.look(DONE)) return Promise.resolve(answer())
    return this.other(ASKED).then(answer)
  }

  /** Whether the event loop can wait. */
  #mayLook(): boolean {
    const now = performance.now()
    if (this.#since === undefined) setTimeout(() => (this.#since = undefined))
    this.#since ??= now
    return now - this.#since < STRETCH
  }
}

/** The side that answers, the engine's, on the memory of the one that asks. */
export class Answerer extends Box {
  /** The question, until it is answered. */
  get question(): Question | undefined {
    const { head } = this
    return head[0] === ASKED ? { id: head[1]!, network: head[2]!, x: this.values! } : undefined
  }

  /** Answers it, unless the values are too many; without values it only says that a message is under way. */
  answer(values: Values = new Uint8Array()): boolean {
    const fits = this.put(values)
    if (!fits) this.head[3] = 0
    this.change(DONE)
    return fits
  }

  /** Resolves when there may be a question; one that follows at once finds the engine awake. */
  async next(): Promise<void> {
    const state = Atomics.load(this.head, 0)
    if (!this.look(ASKED)) await this.other(state)
  }
}
