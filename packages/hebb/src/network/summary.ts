import type { Description } from '../engine/protocol'
import type { Activation } from '../layers'

/** A table of a network's layers with their output shapes for one sample and their parameters. */
export function summarize({ layers, inputs, outputs, parameters }: Description): string {
  // The table has the column `reads` only if a layer reads others than the one before.
  const before = (at: number) => (at === 0 ? inputs[0]![0] : layers[at - 1]!.name)
  const graph = layers.some(({ from }, at) => from.length !== 1 || from[0] !== before(at))
  const rows = [
    ['layer', 'type', 'output', 'activation', 'parameters', ...(graph ? ['reads'] : [])],
    ...inputs.map(([name, shape]) => [
      name === 'input' ? '' : name,
      'input',
      `[${shape.join(', ')}]`,
      '',
      '',
      ...(graph ? [''] : []),
    ]),
    ...layers.map((layer) => [
      layer.name,
      layer.type,
      `[${layer.output.join(', ')}]`,
      named(layer.activation),
      layer.parameters ? layer.parameters.toLocaleString('en-US') : '',
      ...(graph ? [layer.from.join(', ')] : []),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: string[]) =>
    row
      .map((cell, i) => (i === 4 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  const rule = '─'.repeat(widths.reduce((a, b) => a + b + 2, -2))
  const linear = outputs.some(({ activation }) => activation === 'identity')
  const note = linear ? '\nThe outputs are linear: with crossEntropy they are logits.' : ''
  const total = `${parameters.toLocaleString('en-US')} parameters${note}`
  return [line(rows[0]!), rule, ...rows.slice(1).map(line), rule, total].join('\n')
}

function named(activation: Activation): string {
  if (typeof activation !== 'string') return Object.keys(activation)[0]!
  return activation === 'identity' ? '' : activation
}
