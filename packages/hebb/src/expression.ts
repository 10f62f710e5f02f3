// Tracing of user functions: a function is called once with symbols, and the engine differentiates and vectorises the
// resulting formula.
import { HebbError, shown } from './errors'

/** An operation; its arguments are the numbers of earlier operations. */
export type Operation = readonly [name: string, ...arguments: number[]]

/** A value in a formula: an input, a number, or a result. Its methods and the functions below make new values. */
export class Symbolic {
  static get name() {
    return 'Symbolic'
  }
  readonly #tracer: Tracer
  readonly #number: number

  /** @internal */
  constructor(tracer: Tracer, number: number) {
    this.#tracer = tracer
    this.#number = number
  }

  plus(other: Term): Symbolic {
    return this.#tracer.add('plus', this, other)
  }
  minus(other: Term): Symbolic {
    return this.#tracer.add('minus', this, other)
  }
  times(other: Term): Symbolic {
    return this.#tracer.add('times', this, other)
  }
  over(other: Term): Symbolic {
    return this.#tracer.add('over', this, other)
  }
  /** Raises to a constant power; NaN for a value below 0 unless the exponent is an integer. */
  power(exponent: number): Symbolic {
    if (!Number.isFinite(exponent)) {
      throw new HebbError('option', `power takes a finite number, got ${shown(exponent)}`)
    }
    return this.#tracer.raise(this, exponent)
  }
  negative(): Symbolic {
    return this.#tracer.add('minus', 0, this)
  }

  /** @internal */
  static tracer(value: Symbolic): Tracer {
    return value.#tracer
  }
  /** @internal The number of an operation, which must belong to `tracer`. */
  static number(value: Symbolic, tracer: Tracer): number {
    if (value.#tracer === tracer) return value.#number
    throw new HebbError('option', 'this value belongs to another formula: use the symbols that are handed in')
  }

  /** JavaScript calls this if it needs a number, as in x * 2. */
  [Symbol.toPrimitive](): never {
    throw new HebbError(
      'option',
      'formulas are written with methods: x.plus(1), x.times(y); + and * work on numbers only',
    )
  }
}

/** A symbol or a number. */
export type Term = Symbolic | number

/** Records the operations of one formula. */
class Tracer {
  readonly operations: Operation[] = []
  /** The numbers of operations by their JSON, so that a repeated operation is computed once. */
  readonly #known = new Map<string, number>()

  add(name: string, ...terms: Term[]): Symbolic {
    return this.push([name, ...terms.map((term) => this.number(term))])
  }

  raise(base: Symbolic, exponent: number): Symbolic {
    return this.push(['power', this.number(base), exponent])
  }

  at(number: number): Symbolic {
    return new Symbolic(this, number)
  }

  /** The number of a term; a plain number becomes an operation. */
  number(term: Term): number {
    if (term instanceof Symbolic) return Symbolic.number(term, this)
    if (typeof term !== 'number' || !Number.isFinite(term)) {
      throw new HebbError('option', `a formula is made of its symbols and finite numbers, got ${shown(term)}`)
    }
    return Symbolic.number(this.push(['number', term]), this)
  }

  push(operation: Operation): Symbolic {
    const key = JSON.stringify(operation)
    let number = this.#known.get(key)
    if (number === undefined) {
      number = this.operations.push(operation) - 1
      this.#known.set(key, number)
    }
    return this.at(number)
  }
}

/** The operations of a function, which is called once with a symbol for each input. */
export function traced(
  who: string,
  inputs: readonly Operation[],
  f: (...symbols: Symbolic[]) => Term,
): Operation[] {
  if (typeof f !== 'function') throw new HebbError('option', `${who} takes a function of symbols`)
  const tracer = new Tracer()
  const result = tracer.number(f(...inputs.map((input) => tracer.push(input))))
  // The last operation must be the result: if it is an earlier one, 0 is added to that.
  if (result < tracer.operations.length - 1) tracer.add('plus', 0, tracer.at(result))
  return tracer.operations
}

function call(name: string, ...terms: Term[]): Symbolic {
  const symbol = terms.find((term) => term instanceof Symbolic)
  if (!symbol) {
    throw new HebbError('option', `${name} is for formulas: at least one argument must be a symbol`)
  }
  return Symbolic.tracer(symbol).add(name, ...terms)
}

/** eˣ in a formula. */
export const exp = (x: Symbolic): Symbolic => call('exp', x)
/** eˣ − 1 in a formula, exact near 0, where exp(x).minus(1) is not. */
export const expm1 = (x: Symbolic): Symbolic => call('expm1', x)
/** ln x in a formula: −∞ at 0, NaN below. */
export const log = (x: Symbolic): Symbolic => call('log', x)
/** √x in a formula. */
export const sqrt = (x: Symbolic): Symbolic => call('sqrt', x)
/** |x| in a formula; its derivative is 0 at 0. */
export const abs = (x: Symbolic): Symbolic => call('abs', x)
/** tanh x in a formula. */
export const tanh = (x: Symbolic): Symbolic => call('tanh', x)
/** 1 / (1 + e⁻ˣ) in a formula. */
export const sigmoid = (x: Symbolic): Symbolic => call('sigmoid', x)
/** ln(1 + eˣ) in a formula. */
export const softplus = (x: Symbolic): Symbolic => call('softplus', x)
/** The error function 2/√π ∫₀ˣ e^−t² dt in a formula. */
export const erf = (x: Symbolic): Symbolic => call('erf', x)
/** The larger of two in a formula; the second if they are equal, so that the derivative of `maximum(x, 0)` is 0 at 0. NaN if either is NaN. */
export const maximum = (a: Term, b: Term): Symbolic => call('maximum', a, b)
/** The smaller of two in a formula; the second if they are equal. NaN if either is NaN. */
export const minimum = (a: Term, b: Term): Symbolic => call('minimum', a, b)
/**
 * In a formula: `then` if a > b, else `otherwise`; NaN if a or b is NaN. The derivative of the branch that is not taken is
 * multiplied by 0, which gives NaN if that derivative is infinite or NaN: keep the branch's argument in range.
 *
 * @example where(x, 0, log(maximum(x, 1e-6)), 0) // With log(x) alone the derivative would be NaN at 0.
 */
export const where = (a: Term, b: Term, then: Term, otherwise: Term): Symbolic =>
  call('where', a, b, then, otherwise)

/**
 * A custom activation, which the engine computes and differentiates. The function is called once with a symbol.
 *
 * @example dense({ units: 16, activation: elementwise((x) => x.times(sigmoid(x))) })
 */
export function elementwise(f: (x: Symbolic) => Term): { elementwise: readonly Operation[] } {
  return { elementwise: traced('elementwise', [['x']], f as (...symbols: Symbolic[]) => Term) }
}
