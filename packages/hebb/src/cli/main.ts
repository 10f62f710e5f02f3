#!/usr/bin/env node
// The command `hebb`.
import { run } from './run'

// A reader that has enough, such as `head`, closes the pipe.
process.stdout.on('error', () => process.exit())
process.exitCode = await run(process.argv.slice(2))
