// Grey pictures of 40 × 40 pixels in 16 levels, small enough for an address.

export const SIDE = 40
const LEVELS = '0123456789abcdef'

/** A cat: Chelsea, by Stéfan van der Walt (public domain). */
export const CAT = [
  'ccbaa9876477789b46a344458a99aaabbcbba9a8',
  'dcb898996766889b51984544288999aabbcbaaa5',
  'b99a9976888889aa75b7366427768aacccbaab64',
  '99a977679887867995b9664566767acdcaabb855',
  'ba8678a967559899737ba545976668bcca9a8666',
  'a8779a876669a9a99a67b668a56878acca899777',
  '9989996687679aa66c93a466a2678abcb98aa888',
  '8899a7667657aaa56ac5877784b8acabb99ca888',
  '89aba99798579ba67be5688965c79bb9cbbb7678',
  '8a9babd9aa77aba57de7794986e87bc9aca76567',
  'aaabcddcbabbac95aee8896aa7e97bdbaca88788',
  '679cc9554458bd95bedbb89cd9dc6bdcabbbbba9',
  '89aa603651003ba8bccccabdecdd7adbbbcdddca',
  '9bee73a9830013abcbaaccccdccd8ceddcbdeedb',
  '8adf64aa6002504cccaabbdddbacaa87beddeeda',
  '79be93a82003720bcca9aadddbbb31413adbccb8',
  '988bd3894004830addba9addcbc30066489abca8',
  '8676ca3a93596207eebb9acdbc8000786caceedc',
  '97776ba578951006eecbaacdac6200897feeffff',
  '998876bb73001104cedbbabc9c7405b4afddffff',
  '89988889cdcca512cecbbabbac678935feaacccc',
  '969989888acd95428bcbbccbaa33325dc9799877',
  '656688989888875348aabccda66baceb77888876',
  '4687888889999863589abcdfb55ccaa788877777',
  '7777766878aba9755689bbefc759789889977777',
  'aa899778999aa87633689adfc859988789987788',
  '9bbccba9aa9a997764479aceb6599778bca99aa9',
  'aabccccdcaa9aa99744689bfb558877adeeddeec',
  'bccccccccbaa88b9753589adb66789bacefffffe',
  '79bccddca99988aa943458aba6788bbaabeffffe',
  '68bcccefeaa677acb202346854867ca9979deffe',
  '977abcdccddca8aceb21344425a78bbba88bcefc',
  'a858bddcba8889bdefc202325ca8acbcbbccacdb',
  'ccb97addcbb999acdde91214cc99bcbbaabb98a9',
  'dcbaaaaba9889acdccdc203bca78acb999aaba77',
  'dddcbabcbaa89999999a319a9989bbb989bdec88',
  'eddbcbbbaba9878887864788778aaaa9adfffdaa',
  'edcdcccbbbaa98777666678889aba99ceffffdaa',
  'ddddccbbbbaaa998888889abaaa9abdfffffec75',
  'eddddccbbbbaaa99989aaaaaa989beffffffeb64',
].join('')

export const isPicture = (text: string) => text.length === SIDE ** 2 && /^[0-9a-f]*$/.test(text)

/** The pixels, from 0 (black) to 1 (white). */
export const pixelsOf = (picture: string) =>
  Float32Array.from(picture, (digit) => Number.parseInt(digit, 16) / (LEVELS.length - 1))

export const rowsOf = (picture: string) =>
  Array.from({ length: SIDE }, (_, row) => picture.slice(row * SIDE, (row + 1) * SIDE))

/** The square in the middle of a picture, grey, with its whole range of light. */
export function pictureOf(bitmap: ImageBitmap): string {
  const canvas = new OffscreenCanvas(SIDE, SIDE)
  const pen = canvas.getContext('2d')!
  pen.fillStyle = 'white'
  pen.fillRect(0, 0, SIDE, SIDE)
  const scale = SIDE / Math.min(bitmap.width, bitmap.height)
  const [width, height] = [bitmap.width * scale, bitmap.height * scale]
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(bitmap, (SIDE - width) / 2, (SIDE - height) / 2, width, height)
  const { data } = pen.getImageData(0, 0, SIDE, SIDE)
  const light = Array.from(
    { length: SIDE ** 2 },
    (_, i) => 0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!,
  )
  const [least, most] = [Math.min(...light), Math.max(...light)]
  const part = (value: number) => (most > least ? (value - least) / (most - least) : value / 255)
  return light.map((value) => LEVELS[Math.round(part(value) * (LEVELS.length - 1))]).join('')
}
