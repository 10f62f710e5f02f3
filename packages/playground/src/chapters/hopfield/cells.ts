// Pictures of black and white cells, one per unit: 1 is ink, −1 is ground, 0 is not known.

export type Cells = readonly number[]
export const SIDES = [10, 20, 50] as const
export type Side = (typeof SIDES)[number]

const LETTERS: Readonly<Record<string, string>> = {
  A: '.###. #...# ##### #...# #...#',
  B: '####. #...# ####. #...# ####.',
  C: '.#### #.... #.... #.... .####',
  E: '##### #.... ####. #.... #####',
  F: '##### #.... ####. #.... #....',
  H: '#...# #...# ##### #...# #...#',
  K: '#...# #..#. ###.. #..#. #...#',
  L: '#.... #.... #.... #.... #####',
  M: '#...# ##.## #.#.# #...# #...#',
  N: '#...# ##..# #.#.# #..## #...#',
  O: '.###. #...# #...# #...# .###.',
  S: '.#### #.... .###. ....# ####.',
  T: '##### ..#.. ..#.. ..#.. ..#..',
  U: '#...# #...# #...# #...# .###.',
  X: '#...# .#.#. ..#.. .#.#. #...#',
  Y: '#...# .#.#. ..#.. ..#.. ..#..',
  Z: '##### ...#. ..#.. .#... #####',
}
export const letters = Object.keys(LETTERS)

/** All letters in the size of a side, made once. */
const alphabets = new Map<number, readonly Cells[]>()
function alphabet(side: Side): readonly Cells[] {
  const made = alphabets.get(side) ?? letters.map((name) => read(LETTERS[name]!, side))
  alphabets.set(side, made)
  return made
}

const MARKS = '.?#'

/** A picture drawn with the characters `#`, `.` and `?`, its rows separated by spaces, in the size of `side`. */
function read(text: string, side: Side): Cells {
  const rows = text.split(' ')
  return resized(
    rows.flatMap((row) => Array.from(row, (mark) => MARKS.indexOf(mark) - 1)),
    rows.length,
    side,
  )
}

/** The rows of a picture, as few as show all of it. */
export function draw(cells: Cells): string[] {
  const side = Math.sqrt(cells.length)
  const few = [5, 10, 20].find(
    (few) =>
      side % few === 0 && resized(resized(cells, side, few), few, side).every((y, i) => y === cells[i]),
  )
  const shown = few ? resized(cells, side, few) : cells
  const width = few ?? side
  return Array.from({ length: width }, (_, row) =>
    shown
      .slice(row * width, (row + 1) * width)
      .map((y) => MARKS[y + 1])
      .join(''),
  )
}

function resized(cells: Cells, from: number, to: number): Cells {
  const place = (i: number) => Math.floor(((i + 0.5) * from) / to)
  return Array.from({ length: to * to }, (_, i) => cells[place(Math.floor(i / to)) * from + place(i % to)]!)
}

/** Three cells of three values have 27 of these. */
const DIGITS = 'abcdefghijklmnopqrstuvwxyz_'

/** A picture in an address: the name of a letter, or three cells per character. */
export function encode(cells: Cells): string {
  const side = Math.sqrt(cells.length) as Side
  const letter = alphabet(side).findIndex((all) => all.every((y, i) => y === cells[i]))
  if (letter >= 0) return letters[letter]!
  return Array.from({ length: Math.ceil(cells.length / 3) }, (_, i) => {
    const [a = 0, b = 0, c = 0] = cells.slice(3 * i, 3 * i + 3)
    return DIGITS[a + 1 + 3 * (b + 1) + 9 * (c + 1)]
  }).join('')
}

/** Whether a text is that of a picture, of any side. */
export function isCode(text: string): boolean {
  return text in LETTERS || (sideOf(text) !== undefined && /^[a-z_]*$/.test(text))
}

const sideOf = (code: string) => SIDES.find((side) => Math.ceil(side ** 2 / 3) === code.length)

/** The picture of a text that {@link encode} made, in the size of `side`. */
export function decode(code: string, side: Side): Cells {
  if (code in LETTERS) return alphabet(side)[letters.indexOf(code)]!
  const own = sideOf(code)!
  const cells = Array.from(code, (digit) => DIGITS.indexOf(digit)).flatMap((value) => [
    (value % 3) - 1,
    (Math.floor(value / 3) % 3) - 1,
    Math.floor(value / 9) - 1,
  ])
  return resized(cells, own, side)
}

/** A photograph or drawing: the darker half of its pixels is ink. */
export async function cellsOfFile(file: File, side: Side): Promise<Cells> {
  const bitmap = await createImageBitmap(file)
  const canvas = new OffscreenCanvas(side, side)
  const pen = canvas.getContext('2d')!
  pen.fillStyle = 'white'
  pen.fillRect(0, 0, side, side)
  const scale = side / Math.min(bitmap.width, bitmap.height)
  const [width, height] = [bitmap.width * scale, bitmap.height * scale]
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(bitmap, (side - width) / 2, (side - height) / 2, width, height)
  bitmap.close()
  const { data } = pen.getImageData(0, 0, side, side)
  const light = Array.from(
    { length: side * side },
    (_, i) => data[4 * i]! + data[4 * i + 1]! + data[4 * i + 2]!,
  )
  const middle = light.toSorted((a, b) => a - b)[light.length >> 1]!
  const darkest = Math.min(...light)
  if (darkest === Math.max(...light))
    throw new Error(`${file.name} has one colour only: there is nothing to store.`)
  return light.map((value) => (value < middle || value === darkest ? 1 : -1))
}
