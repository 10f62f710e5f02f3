import { checkKeys, checkWhole } from '../options'

export interface LbfgsOptions {
  /** How many steps it remembers, at least 1. Default 10. */
  memory?: number
}

/** BFGS with little memory (Liu and Nocedal 1989): H·g from the last steps alone. */
export function lbfgs(options: LbfgsOptions = {}) {
  checkKeys('lbfgs', options, ['memory'])
  return { type: 'lbfgs', memory: checkWhole('lbfgs', 'memory', options.memory ?? 10, 1) } as const
}
