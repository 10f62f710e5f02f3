// Written by the build: the bundled core as a function.
import type { LocalCore, StartMessage } from '../engine/protocol'

/** Evaluates the core's code anew, so that it has a WebAssembly instance of its own; returns its class. */
export function makeCore(): new (start: StartMessage) => LocalCore
