import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'e2e/**/*.test.ts', 'bench/**/*.test.ts'],
    globalSetup: ['apps/server/src/platform/database/test-server.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Two cores: databases and browsers share them.
    maxWorkers: 2,
  },
})
