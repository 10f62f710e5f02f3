// The suites by name.
import { activations } from './activation.ts'
import { alexnet } from './alexnet.ts'
import { conv } from './conv.ts'
import { gemm } from './gemm.ts'
import { lenet } from './lenet.ts'
import { mlp } from './mlp.ts'
import { overhead } from './overhead.ts'
import { peak } from './peak.ts'
import { rnn } from './rnn.ts'
import { startup } from './startup.ts'
import { stream } from './stream.ts'
import type { OwnSuite, Suite } from './suite.ts'

/** Suites in which engines take turns. */
export const SUITES: Record<string, Suite> = { gemm, conv, lenet, alexnet, mlp, rnn, startup, peak }

/** Suites that measure Hebb alone, each in its own way. */
export const OWN: Record<string, OwnSuite> = { overhead, activation: activations, stream }
