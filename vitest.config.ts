import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'e2e/**/*.test.ts', 'bench/**/*.test.ts'],
    globalSetup: ['apps/server/src/platform/database/test-server.ts'],
    // A bound for what hangs, not a measure: the machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // Two cores: databases and browsers share them.
    maxWorkers: 2,
    // Each worker reads the program once for all of its files: a third of the time. What a test changes of its process it
    // puts back.
    isolate: false,
  },
})
