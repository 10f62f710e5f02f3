// A small drawing for each chapter on the first page. They say nothing that the words beside them don't.

const dot = (x: number, y: number, r = 4) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
const box = (x: number, y: number, width: number, height = width) =>
  `M${x} ${y}h${width}v${height}h${-width}z`
const all = <T,>(items: readonly T[], draw: (item: T, i: number) => string) => items.map(draw).join('')

/** A bump around c, as a curve from left to right. */
const bump = (c: number, height: number) =>
  `M${c - 30} 52C${c - 12} 52 ${c - 12} ${52 - height} ${c} ${52 - height}S${c + 12} 52 ${c + 30} 52`

const LETTER = ['#...#', '#...#', '#####', '#...#', '#...#']
const cells = (letter: readonly string[], x: number) =>
  all(letter, (row, i) => all([...row], (cell, j) => (cell === '#' ? box(x + 9 * j, 6 + 9 * i, 8) : '')))

/** Paths by their looks: a line, a faint line, and areas in the colours of the figures. */
type Sketch = Partial<Record<'line' | 'faint' | 'first' | 'second' | 'third', string>>

const SKETCHES: Record<string, Sketch> = {
  neuron: {
    line: 'M24 14L62 28M24 42L62 28M86 28H112',
    second: dot(20, 14) + dot(20, 42),
    first: dot(74, 28, 12),
  },
  perceptron: {
    line: 'M38 2L92 54',
    first: dot(24, 22) + dot(42, 38) + dot(30, 46) + dot(58, 46),
    second: box(74, 8, 8) + box(92, 18, 8) + box(96, 36, 8) + box(64, 6, 8),
  },
  descent: {
    faint: 'M12 2C34 66 66 66 108 2',
    line: 'M101 13L86 33L74 44L64 48',
    first: dot(101, 13) + dot(86, 33, 3) + dot(74, 44, 3) + dot(64, 48, 3),
  },
  backpropagation: {
    line: 'M22 14L60 14L98 28M22 42L60 42L98 28M22 14L60 42M22 42L60 14',
    second: dot(20, 14, 6) + dot(20, 42, 6),
    third: dot(60, 14, 7) + dot(60, 42, 7),
    first: dot(100, 28, 8),
  },
  activations: {
    faint: 'M8 50H112M60 4V54',
    line: 'M8 49C56 49 64 8 112 8',
  },
  strategies: {
    faint:
      'M8 28a52 24 0 1 0 104 0a52 24 0 1 0 -104 0M28 28a32 14 0 1 0 64 0a32 14 0 1 0 -64 0M46 28a14 6 0 1 0 28 0a14 6 0 1 0 -28 0',
    line: 'M20 16L38 40L48 20L60 28M22 12L56 10L62 27',
    first: dot(60, 28),
  },
  rbf: {
    faint: bump(36, 34) + bump(66, 22) + bump(90, 40),
    line: 'M6 50C22 50 24 16 36 16S50 30 62 26S78 8 90 8S104 50 114 50',
    first: dot(30, 24, 3) + dot(52, 28, 3) + dot(76, 18, 3) + dot(101, 24, 3),
  },
  hopfield: {
    second: cells(['#.#.#', '#...#', '##.##', '.....', '#..##'], 8),
    line: 'M58 28H70M66 24L70 28L66 32',
    first: cells(LETTER, 74),
  },
  tour: {
    line: 'M16 38L34 12L62 20L92 8L106 34L72 48L46 34z',
    first: all(
      [
        [16, 38],
        [34, 12],
        [62, 20],
        [92, 8],
        [106, 34],
        [72, 48],
        [46, 34],
      ] as const,
      ([x, y]) => dot(x, y),
    ),
  },
  recurrent: {
    line: 'M28 28H46M66 28H84M104 28H116M18 52V38M56 52V38M94 52V38M18 18V6M56 18V6M94 18V6',
    third: box(8, 18, 20) + box(46, 18, 20) + box(84, 18, 20),
  },
  convolution: {
    faint: all([0, 1, 2, 3, 4], (i) => all([0, 1, 2, 3, 4], (j) => box(8 + 9 * j, 6 + 9 * i, 9))),
    third: box(17, 15, 27),
    line: 'M44 15L84 25M44 42L84 34',
    first: box(84, 25, 9),
    second: box(93, 25, 9) + box(84, 34, 9),
  },
  lenet: {
    line: 'M10 12H34L20 46',
    faint: box(46, 8, 22) + box(50, 12, 22) + box(54, 16, 22),
    second: box(84, 14, 12) + box(87, 18, 12),
    first: all([0, 1, 2, 3, 4], (i) => dot(112, 8 + 10 * i, 3)),
  },
  alexnet: {
    faint: box(6, 6, 34, 44) + box(10, 10, 34, 44),
    second: box(54, 12, 9, 32) + box(66, 16, 9, 24) + box(78, 16, 9, 24),
    third: box(94, 8, 5, 40) + box(103, 8, 5, 40),
    first: box(112, 20, 4, 16),
  },
}

export function SketchOf({ id }: { id: string }) {
  return (
    <svg class="sketch" viewBox="0 0 120 56" aria-hidden="true">
      {Object.entries(SKETCHES[id] ?? {}).map(([kind, d]) => (
        <path key={kind} class={kind} d={d} />
      ))}
    </svg>
  )
}
