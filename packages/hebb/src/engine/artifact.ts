// Choosing and loading the WebAssembly artifact.
import { HebbError } from '../errors'
import { readFile } from './files'
import { PLACES, placeOf } from './places'
import { builtin } from './platform'

/** A module with one function that uses f32x4.relaxed_madd: it is valid if the host has relaxed-simd. */
const RELAXED = [
  ...[0, 97, 115, 109, 1, 0, 0, 0], // magic, version
  ...[1, 5, 1, 96, 0, 1, 123], // type: () → v128
  ...[3, 2, 1, 0], // function of that type
  ...[10, 19, 1, 17, 0, 65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11],
]

/** Whether this host has relaxed-simd. */
export function hasRelaxed(): boolean {
  return WebAssembly.validate(new Uint8Array(RELAXED))
}

/**
 * V8 before 11.8, which is Node 20's, loses the address of memory.atomic.wait32 in what its baseline compiler makes of it: a
 * thread that has slept would go on at another place of the memory. Only its optimizing compiler is then used.
 */
function avoidBaseline(): void {
  if (Number.parseFloat(globalThis.process?.versions?.v8) < 11.8)
    builtin<typeof import('node:v8')>('node:v8')?.setFlagsFromString('--no-liftoff')
}

/** Compiles an artifact: the given one, by this option of `init`, or by default the one of the package. */
export async function load(
  given: string | URL | BufferSource | WebAssembly.Module | undefined,
  own: () => URL,
  option = 'wasm',
): Promise<WebAssembly.Module> {
  if (given instanceof WebAssembly.Module) return given
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given))
    return compile(given, `what init({ ${option} }) was given`, option)
  const url = placeOf((given as string | URL | undefined) ?? own)
  const bytes = await readFile(url, url.href).catch((error: HebbError) => {
    throw new HebbError('engine', `${error.message}: ${PLACES}`)
  })
  return compile(bytes, url.href, option)
}

async function compile(source: BufferSource, from: string, option: string): Promise<WebAssembly.Module> {
  let why: string
  avoidBaseline()
  try {
    const bytes = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source)
    if (String(bytes.subarray(0, 4)) === '0,97,115,109')
      return await WebAssembly.compile(bytes as BufferSource)
    const html =
      bytes[0] === 0x3c ? ' but HTML, as servers answer for unknown paths (Vite 7: optimizeDeps.exclude)' : ''
    why = `is not WebAssembly${html}: name the right place with init({ ${option} })`
  } catch (error) {
    // This also catches bytes whose buffer was transferred.
    why = `could not be compiled: ${(error as Error).message}`
  }
  throw new HebbError('engine', `${from} ${why}`)
}
