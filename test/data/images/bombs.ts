// Small files that unpack to much more than they declare, or declare much more than they hold.
import { constants, deflateRawSync, deflateSync } from 'node:zlib'
import { chunk, header, IEND, SIGNATURE } from './pngFiles.ts'

const PIECE = 2 ** 24

/** Deflated zeros, `pieces` times 16 MiB, made fast by repeating one block. */
function zeros(pieces: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(PIECE), { finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([...Array.from({ length: pieces }, () => block), Buffer.of(3, 0)])
}

/** The same as a zlib stream with the checksum of zeros. */
function zlib(pieces: number): Buffer {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt16BE((pieces * PIECE) % 65521)
  checksum.writeUInt16BE(1, 2)
  return Buffer.concat([Buffer.of(0x78, 0x9c), zeros(pieces), checksum])
}

/** Gzip of some bytes, stored, followed by zeros; its trailer declares `said` bytes. */
function gzip(head: Buffer, pieces: number, said = head.length + pieces * PIECE): Buffer {
  const end = Buffer.alloc(8)
  end.writeUInt32LE(said % 2 ** 32, 4)
  const stored = Buffer.of(
    0,
    head.length & 255,
    head.length >> 8,
    ~head.length & 255,
    (~head.length >> 8) & 255,
  )
  return Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), stored, head, zeros(pieces), end])
}

/** A PNG of one pixel with a text chunk (zTXt) that unpacks to 1 GB. */
export const pngWithText = () =>
  png(
    header(1, 1, 8, 0),
    chunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), zlib(60)])),
    chunk('IDAT', deflateSync(Buffer.alloc(2))),
  )

const png = (...chunks: Buffer[]) => Buffer.concat([SIGNATURE, ...chunks, IEND])

/** An idx file's header: bytes `[N, 2, 2]`. */
function idx(samples: number): Buffer {
  const head = Buffer.alloc(16)
  head.set([0, 0, 8, 3])
  head.writeUInt32BE(samples, 4)
  head.writeUInt32BE(2, 8)
  head.writeUInt32BE(2, 12)
  return head
}

/** A grey JPEG of a given size with `scans` scans of some bytes. */
function jpeg(width: number, height: number, scans: number, bytes: number): Buffer {
  const frame = Buffer.of(
    0xff,
    0xc2,
    0,
    11,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    1,
    1,
    0x11,
    0,
  )
  const table = Buffer.of(0xff, 0xc4, 0, 20, 0, 1, ...Array(15).fill(0), 0)
  const quantization = Buffer.concat([Buffer.of(0xff, 0xdb, 0, 67, 0), Buffer.alloc(64, 1)])
  const scan = Buffer.concat([Buffer.of(0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0), Buffer.alloc(bytes)])
  const all = Array.from({ length: scans }, () => scan)
  return Buffer.concat([Buffer.of(0xff, 0xd8), quantization, table, frame, ...all, Buffer.of(0xff, 0xd9)])
}

/** The files and their error messages. Similar bugs: lodepng #223, jpeg-js #58, libjpeg-turbo #249, Pillow #9475. */
export const bombs: Record<string, { kind: 'image' | 'csv' | 'idx'; make: () => Buffer; message: string }> = {
  'PNG with a second header': {
    kind: 'image',
    make: () => png(header(1, 1, 8, 0), header(50_000, 50_000, 16, 6), chunk('IDAT', Buffer.alloc(10))),
    message: 'two chunks IHDR',
  },
  'interlaced 1 × 1 PNG of 4 GiB': {
    kind: 'image',
    make: () => png(header(1, 1, 8, 0, 1), chunk('IDAT', zlib(256))),
    message: 'more pixels than the 1 × 1 of its header',
  },
  '1 × 100,000,000 PNG': {
    kind: 'image',
    make: () => png(header(1, 100_000_000, 8, 0), chunk('IDAT', zlib(12))),
    message: 'claims 1 × 100000000 pixels',
  },
  '1 × 30,000,000 PNG': {
    kind: 'image',
    make: () => png(header(1, 30_000_000, 8, 0), chunk('IDAT', zlib(4))),
    message: 'its sides may have 65535',
  },
  '5,000 × 5,000 PNG of 16 bits without pixels': {
    kind: 'image',
    make: () => png(header(5000, 5000, 16, 6), chunk('IDAT', zlib(0))),
    message: 'end after 0 of 200005000 bytes',
  },
  'PNG with a palette of 100 MB': {
    kind: 'image',
    make: () => png(header(1, 1, 8, 3), chunk('PLTE', Buffer.alloc(99_999_999)), chunk('IDAT', zlib(0))),
    message: 'palette has 99999999 bytes',
  },
  'JPEG whose frame is longer than the file': {
    kind: 'image',
    make: () => Buffer.from('/9j/wSHEb88b4GDuAxgXZDQ5YzQx', 'base64'),
    message: 'its segment at byte 2 is cut off',
  },
  'JPEG of 65,535 × 65,535': {
    kind: 'image',
    make: () => jpeg(65_535, 65_535, 1, 10),
    message: 'claims 65535 × 65535 pixels',
  },
  'JPEG of 5,000 × 5,000 in 10 bytes': {
    kind: 'image',
    make: () => jpeg(5000, 5000, 1, 10),
    message: '10 bytes of pixels are too few for 5000 × 5000',
  },
  'JPEG of 20,000 scans': {
    kind: 'image',
    make: () => jpeg(4000, 4000, 20_000, 10),
    message: '20000 scans of 4000 × 4000 are too many',
  },
  'gzip in place of an image, 1 GB': {
    kind: 'image',
    make: () => gzip(SIGNATURE, 60),
    message: 'unpacks to 1006632968 bytes, more than 268435456',
  },
  'gzip in place of an image, 4 GiB, which says 9 bytes': {
    kind: 'image',
    make: () => gzip(SIGNATURE, 256, 9),
    message: 'it unpacks to more than the 9 bytes that it says',
  },
  'CSV in gzip, 1 GB': {
    kind: 'csv',
    make: () => gzip(Buffer.from('a,b\n1,2\n'), 60),
    message: 'unpacks to 1006632968 bytes, more than 268435456',
  },
  'CSV in gzip, 4 GiB, which says 50 MB': {
    kind: 'csv',
    make: () => gzip(Buffer.from('a,b\n1,2\n'), 256, 5e7),
    message: 'it unpacks to more than the 50000000 bytes that it says',
  },
  'idx in gzip, 4 GiB': {
    kind: 'idx',
    make: () => gzip(idx(3), 256),
    message: 'more than the 16 bytes that it says',
  },
  'idx in gzip whose header promises 28 of 1 GB': {
    kind: 'idx',
    make: () => gzip(idx(3), 60),
    message: 'more than the 28 bytes that its header promises',
  },
  'idx in gzip whose header promises 8 GB': {
    kind: 'idx',
    make: () => gzip(idx(2_000_000_000), 4, 2 ** 28),
    message: 'damaged gzip after',
  },
}

/** Opens one, and returns the outcome, the time and the process's peak memory. */
export async function explode(name: string, datasets: typeof import('hebb')['datasets']) {
  const { kind, make } = bombs[name]!
  const file = make()
  const { maxRSS: before } = process.resourceUsage()
  const from = performance.now()
  const open = {
    image: () => datasets.fromImages([file]),
    csv: () => datasets.fromCsv(file),
    idx: () => datasets.fromIdx(file),
  }[kind]
  const outcome = await open().then(
    () => 'accepted',
    ({ code, message }) => `${code}: ${message}`,
  )
  const { maxRSS } = process.resourceUsage()
  return {
    outcome,
    bytes: file.length,
    ms: performance.now() - from,
    before: before / 1024,
    peak: maxRSS / 1024,
  }
}
