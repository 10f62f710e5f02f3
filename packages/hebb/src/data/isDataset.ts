import { Handle } from '../engine/handle'
import type { Dataset } from './dataset'

/** Whether this is a data set; without its class, so that programs without data sets do not carry it. */
export const isDataset = (x: unknown): x is Dataset => x instanceof Handle && x.kind === 'data set'
