import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openEmbedded } from './embedded.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser's connection to the server of this run, without the database's name. */
    testServer: string
    /** A folder of this run, readable by the server's user. */
    testFolder: string
  }
}

/** One PostgreSQL for a whole test run: the same embedded server that the product starts. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-test-'))
  // The server's own user passes through it.
  chmodSync(folder, 0o711)
  const server = await openEmbedded(join(folder, 'server'), () => {})
  project.provide('testServer', server.url(''))
  project.provide('testFolder', folder)
  return async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
