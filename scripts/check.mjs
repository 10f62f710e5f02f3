// What CI runs: sets up and builds, then formatting, lints and types, then every test, some of them under sanitizers.
import { build } from './build.mjs'
import { imports } from './imports.mjs'
import { node, run, say } from './shell.mjs'
import { test } from './test.mjs'

await build({ tests: true, selftest: true, checked: true })
say('checking imports, formatting and lints')
imports()
run('cargo', ['fmt', '--check'])
run('cargo', ['clippy', '--workspace', '--all-targets', '--all-features', '--quiet', '--', '-D', 'warnings'])
const crates = ['-p', 'hebb-kernels', '-p', 'hebb']
run('cargo', ['doc', '--no-deps', '--quiet', ...crates], {
  env: { ...process.env, RUSTDOCFLAGS: '-D warnings' },
})
run('cargo', ['package', '--no-verify', '--allow-dirty', '--quiet', ...crates])
run('node_modules/.bin/biome', ['check', '--error-on-warnings', '.'])
run(node(), ['node_modules/typescript/lib/tsc.js', '--noEmit', '-p', 'tsconfig.json'])
say('checking that the public surface is that of api/')
run(node(), ['scripts/api.mjs', '--check'])
say('checking that tables and charts are what the results files give')
run(node(), ['bench/report/write.ts', '--check'])
process.exitCode = (await test({ sanitizers: true })) ? 0 : 1
