import { checkKeys, checkWhole } from '../options'

export interface LbfgsOptions {
  /** The number of remembered steps, at least 1. Default 10. */
  memory?: number
}

/** Limited-memory BFGS (Liu and Nocedal 1989): computes H·g from the last steps. */
export function lbfgs(options: LbfgsOptions = {}) {
  checkKeys('lbfgs', options, ['memory'])
  return { type: 'lbfgs', memory: checkWhole('lbfgs', 'memory', options.memory ?? 10, 1) } as const
}
