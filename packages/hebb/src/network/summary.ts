import type { Description } from '../engine/protocol'
import type { Activation } from '../layers'

/** A table of a network's layers with, for one sample, their output shapes, their parameters and their multiply–adds (MACs). */
export function summarize({ layers, inputs, outputs, parameters }: Description, macs: number): string {
  // The table has the column `reads` only if a layer reads others than the one before.
  const before = (at: number) => (at === 0 ? inputs[0]![0] : layers[at - 1]!.name)
  const graph = layers.some(({ from }, at) => from.length !== 1 || from[0] !== before(at))
  const rows = [
    ['layer', 'type', 'output', 'activation', 'parameters', 'MACs', ...(graph ? ['reads'] : [])],
    ...inputs.map(([name, shape]) => [
      name === 'input' ? '' : name,
      'input',
      `[${shape.join(', ')}]`,
      '',
      '',
      '',
      ...(graph ? [''] : []),
    ]),
    ...layers.map((layer) => [
      layer.name,
      layer.type,
      `[${layer.output.join(', ')}]`,
      named(layer.activation),
      grouped(layer.parameters),
      grouped(layer.multiplyAdds),
      ...(graph ? [layer.from.join(', ')] : []),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: string[]) =>
    row
      .map((cell, i) => (i === 4 || i === 5 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  const rule = '─'.repeat(widths.reduce((a, b) => a + b + 2, -2))
  const linear = outputs.some(({ activation }) => activation === 'identity')
  const note = linear ? '\nThe outputs are linear: with crossEntropy they are logits.' : ''
  const total = `${grouped(parameters) || 0} parameters, ${grouped(macs) || 0} MACs${note}`
  return [line(rows[0]!), rule, ...rows.slice(1).map(line), rule, total].join('\n')
}

/** A number with its thousands apart; nothing for 0. */
function grouped(count: number): string {
  return count ? count.toLocaleString('en-US') : ''
}

function named(activation: Activation): string {
  if (typeof activation !== 'string') return Object.keys(activation)[0]!
  return activation === 'identity' ? '' : activation
}
