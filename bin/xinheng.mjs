#!/usr/bin/env node
import { join } from 'node:path'
import { handOver, install, PROJECT } from './bring.mjs'

install()
const args = process.argv.slice(2)
const program =
  args[0] === '--bench'
    ? [join(PROJECT, 'bench/run.ts'), ...args.slice(1)]
    : [join(PROJECT, 'apps/server/src/cli/main.ts'), ...args]
// These benchmarks hold millions of names as strings to ask from; what is measured lies outside the heap.
const asksFromMillions = args[0] === '--bench' && args[1]?.startsWith('screen')
process.exitCode = await (asksFromMillions
  ? handOver(program, ['--max-old-space-size=8192'])
  : handOver(program))
