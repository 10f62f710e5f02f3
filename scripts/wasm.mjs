// What the build removes from WebAssembly modules: names for traces and profiles, and most of each name that only
// wasm-bindgen's glue uses.

import { createHash } from 'node:crypto'

const IMPORTS = 2
const EXPORTS = 7

/** Reads a module's bytes one item after another. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes
    this.at = at
  }
  get done() {
    return this.at >= this.bytes.length
  }
  /** An unsigned LEB128 number. */
  number() {
    for (let [value, scale] = [0, 1]; ; scale *= 128) {
      const byte = this.bytes[this.at++]
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  take(length) {
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
  name() {
    return this.take(this.number()).toString()
  }
}

function number(value) {
  const bytes = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return Buffer.from([...bytes, value])
}

const text = (name) => Buffer.concat([number(Buffer.byteLength(name)), Buffer.from(name)])

/** The sections of a module. */
function sections(wasm) {
  const reader = new Reader(wasm, 8)
  const all = []
  while (!reader.done) {
    const id = reader.take(1)[0]
    all.push({ id, body: reader.take(reader.number()) })
  }
  return all
}

const assemble = (wasm, all) =>
  Buffer.concat([
    wasm.subarray(0, 8),
    ...all.flatMap(({ id, body }) => [Buffer.from([id]), number(body.length), body]),
  ])

/** A module without custom sections: function names (a quarter of the file) and metadata of tools. */
export function withoutCustomSections(wasm) {
  return assemble(
    wasm,
    sections(wasm).filter(({ id }) => id !== 0),
  )
}

/** The imports or exports of a section: each name, and the bytes before and after it. */
function entries({ id, body }) {
  const reader = new Reader(body)
  return Array.from({ length: reader.number() }, () => {
    const start = reader.at
    if (id === IMPORTS) reader.name()
    const before = body.subarray(start, reader.at)
    const name = reader.name()
    const from = reader.at
    const kind = reader.take(1)[0]
    const limits = () => (reader.take(1)[0] & 1 ? [reader.number(), reader.number()] : reader.number())
    if (id === EXPORTS || kind === 0) reader.number()
    else if (kind === 1) reader.take(1) && limits()
    else if (kind === 2) limits()
    else reader.take(2)
    return { name, before, after: body.subarray(from, reader.at) }
  })
}

/** A short name, the same in every module, so that the glue of one fits the others. */
const shortOf = (name) =>
  `$${BigInt(`0x${createHash('sha256').update(name).digest('hex')}`)
    .toString(36)
    .slice(-4)}`

/**
 * A module and its glue with short names for all imports and exports: the long ones, with their hashes, are a tenth of the
 * glue's compressed size.
 */
export async function withShortNames(wasm, glue) {
  const all = sections(wasm)
  const named = all
    .filter(({ id }) => id === IMPORTS || id === EXPORTS)
    .map((section) => ({ section, list: entries(section) }))
  const names = named.flatMap(({ list }) => list.map(({ name }) => name))
  // A memory keeps its name, which is a key of the import object.
  const long = [...new Set(names)].filter((name) => name !== 'memory')
  const short = new Map(long.map((name) => [name, shortOf(name)]))
  if (new Set(short.values()).size < short.size)
    throw new Error('two short names are the same: make them longer')
  for (const { section, list } of named) {
    const renamed = list.flatMap(({ name, before, after }) => [before, text(short.get(name) ?? name), after])
    section.body = Buffer.concat([number(list.length), ...renamed])
  }
  return [assemble(wasm, all), await renamed(glue, short)]
}

/** Glue with renamed imports and exports: exports are properties of `wasm`, imports those of an object literal. */
async function renamed(glue, names) {
  // Not at the top: this module is loaded before the packages are installed.
  const { default: ts } = await import('typescript')
  const file = ts.createSourceFile('glue.js', glue, ts.ScriptTarget.Latest)
  const places = []
  const visit = (node) => {
    ts.forEachChild(node, visit)
    const isExport = ts.isPropertyAccessExpression(node) && node.expression.getText(file) === 'wasm'
    if ((isExport || ts.isPropertyAssignment(node)) && names.has(node.name.text)) places.push(node.name)
  }
  visit(file)
  // From the end, so that earlier positions stay valid.
  places.sort((a, b) => b.end - a.end)
  return places.reduce(
    (text, name) => text.slice(0, name.getStart(file)) + names.get(name.text) + text.slice(name.end),
    glue,
  )
}
