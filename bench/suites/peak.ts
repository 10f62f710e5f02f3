// The machine's peak, measured with Hebb's own vectors: the roof for its kernels.
import type { Suite } from './suite.ts'

export const peak: Suite = {
  name: 'peak',
  about: 'Independent multiply–adds in GFLOP/s, and reading 128 MiB in GB/s',
  unit: 'GFLOP/s, GB/s',
  only: (engine) => engine.startsWith('hebb'),
  cases: [
    { name: 'madds', work: { kind: 'peak', what: 'madds' }, flops: 1 },
    { name: 'read', work: { kind: 'peak', what: 'read' }, bytes: 1 },
  ],
}
