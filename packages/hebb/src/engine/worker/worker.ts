// The workers' file of networks and data sets.
import * as glue from '../../../wasm/glue/hebb_wasm.js'
import { Core } from './core'
import { start } from './serve'

start('networks', glue, Core)
