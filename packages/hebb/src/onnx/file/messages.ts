// The messages of ONNX's files, and the fields of onnx.proto that are used. Graphs within attributes (of If, Loop and Scan) are
// not read, so that the depth of a file is bounded.

export interface Model {
  irVersion: number
  producer: string
  opsets: { domain: string; version: number }[]
  graph?: Graph
}

export interface Graph {
  name: string
  nodes: Node[]
  initializers: TensorProto[]
  /** Sparse tensors, which are not supported. */
  sparse: Uint8Array[]
  inputs: ValueInfo[]
  outputs: ValueInfo[]
}

export interface Node {
  inputs: string[]
  outputs: string[]
  name: string
  op: string
  domain: string
  attributes: Attribute[]
}

export interface Attribute {
  name: string
  type: number
  float: number
  int: number
  text: string
  tensor?: TensorProto
  floats: number[]
  ints: number[]
  texts: string[]
}

export interface TensorProto {
  name: string
  dims: number[]
  type: number
  /** Packed little-endian floats, and so are `doubles`. */
  floats: Uint8Array
  doubles: Uint8Array
  ints32: number[]
  ints64: number[]
  unsigned: number[]
  raw: Uint8Array
  external: { key: string; value: string }[]
  /** 1: the values are in another file. */
  location: number
}

export interface ValueInfo {
  name: string
  type?: { tensor?: { type: number; shape?: { dims: { value: number; name: string }[] } } }
}

/** What a field holds; `packed` is a list of floats, as bytes. */
export type Kind = 'int' | 'ints' | 'float' | 'floats' | 'packed' | 'text' | 'texts' | 'bytes' | 'blobs'
/** A field: its name, what it holds, and whether it is a message that repeats. */
export type Field = readonly [name: string, kind: Kind | MessageName, repeated?: true]
export type MessageName =
  | 'Model'
  | 'Opset'
  | 'Graph'
  | 'Node'
  | 'Attribute'
  | 'Tensor'
  | 'Entry'
  | 'Value'
  | 'Type'
  | 'TensorType'
  | 'Shape'
  | 'Dimension'

export const MESSAGES: Record<MessageName, Record<number, Field>> = {
  Model: {
    1: ['irVersion', 'int'],
    2: ['producer', 'text'],
    7: ['graph', 'Graph'],
    8: ['opsets', 'Opset', true],
  },
  Opset: { 1: ['domain', 'text'], 2: ['version', 'int'] },
  Graph: {
    1: ['nodes', 'Node', true],
    2: ['name', 'text'],
    5: ['initializers', 'Tensor', true],
    11: ['inputs', 'Value', true],
    12: ['outputs', 'Value', true],
    15: ['sparse', 'blobs'],
  },
  Node: {
    1: ['inputs', 'texts'],
    2: ['outputs', 'texts'],
    3: ['name', 'text'],
    4: ['op', 'text'],
    5: ['attributes', 'Attribute', true],
    7: ['domain', 'text'],
  },
  Attribute: {
    1: ['name', 'text'],
    2: ['float', 'float'],
    3: ['int', 'int'],
    4: ['text', 'text'],
    5: ['tensor', 'Tensor'],
    7: ['floats', 'floats'],
    8: ['ints', 'ints'],
    9: ['texts', 'texts'],
    20: ['type', 'int'],
  },
  Tensor: {
    1: ['dims', 'ints'],
    2: ['type', 'int'],
    4: ['floats', 'packed'],
    5: ['ints32', 'ints'],
    7: ['ints64', 'ints'],
    8: ['name', 'text'],
    9: ['raw', 'bytes'],
    10: ['doubles', 'packed'],
    11: ['unsigned', 'ints'],
    13: ['external', 'Entry', true],
    14: ['location', 'int'],
  },
  Entry: { 1: ['key', 'text'], 2: ['value', 'text'] },
  Value: { 1: ['name', 'text'], 2: ['type', 'Type'] },
  Type: { 1: ['tensor', 'TensorType'] },
  TensorType: { 1: ['type', 'int'], 2: ['shape', 'Shape'] },
  Shape: { 1: ['dims', 'Dimension', true] },
  Dimension: { 1: ['value', 'int'], 2: ['name', 'text'] },
}
