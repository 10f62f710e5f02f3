// The workers' file of the classical models.
import * as glue from '../../../wasm/classic/hebb_wasm.js'
import { Classic } from './classic'
import { start } from './serve'

start('classic', glue, Classic)
