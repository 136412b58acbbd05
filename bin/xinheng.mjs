#!/usr/bin/env node
import { join } from 'node:path'
import { handOver, install, PROJECT } from './bring.mjs'

install()
const args = process.argv.slice(2)
const program =
  args[0] === '--bench'
    ? [join(PROJECT, 'bench/run.ts'), ...args.slice(1)]
    : [join(PROJECT, 'apps/server/src/cli/main.ts'), ...args]
process.exitCode = await handOver(program)
