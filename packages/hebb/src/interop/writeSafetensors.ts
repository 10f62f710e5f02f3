// Writes safetensors files, see safetensors.ts. Programs that only write load no code that reads.

export interface NamedTensor {
  name: string
  shape: readonly number[]
  data: Float32Array | Float64Array
}

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** What a file consists of. */
export interface FileParts {
  tensors: readonly NamedTensor[]
  metadata: Record<string, string>
}

/** A safetensors file of f32 and f64 tensors with text metadata, which comes first. */
export function writeSafetensors({ tensors, metadata }: FileParts): Uint8Array<ArrayBuffer> {
  const header: Record<string, Entry | Record<string, string>> = { __metadata__: metadata }
  let end = 0
  for (const { name, shape, data } of tensors) {
    const dtype = data instanceof Float64Array ? 'F64' : 'F32'
    header[name] = { dtype, shape: [...shape], data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // Spaces after the header align the data to 8 bytes.
  const length = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + length + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.fill(0x20, 8, 8 + length)
  bytes.set(text, 8)
  let at = 8 + length
  for (const { data } of tensors) {
    // WebAssembly, and so every host of it, has the file's order of bytes.
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return bytes
}
