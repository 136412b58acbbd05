import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Chance, syntheticUnits, writeSyntheticPermits } from '@xinheng/testkit'
import { afterAll, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'

const data = mkdtempSync(join(tmpdir(), 'xinheng-kill-'))
const ROWS = 30_000

afterAll(() => rmSync(data, { recursive: true, force: true }))

/** Runs the command line; killed with the whole force of the system after so many milliseconds. */
function xinheng(args: readonly string[], killAfter?: number): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [join(PROJECT, 'apps/server/src/cli/main.ts'), ...args], {
    env: { ...process.env, XINHENG_DATA: data },
  })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  return new Promise((resolve) =>
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve({ code, out })
    }),
  )
}

test('whatever moment an import is killed at, every row is there once or not at all, and the next one finishes', async () => {
  const source = syntheticUnits()[0] as { uscc: string; name: string }
  await xinheng(['unit', 'add', '--code', source.uscc, '--name', source.name])
  const path = join(data, 'permits.csv')
  await writeSyntheticPermits(path, { rows: ROWS, subjects: 3000, today: '2026-11-20' })
  // All decided by the one registered authority; some rows are broken so that something is rejected as well.
  const others = syntheticUnits()
  let text = readFileSync(path, 'utf8')
  for (const unit of others) text = text.replaceAll(unit.uscc, source.uscc).replaceAll(unit.name, source.name)
  const lines = text.trimEnd().split('\n')
  for (let i = 500; i < lines.length; i += 500)
    lines[i] = (lines[i] as string).replace('法人及非法人组织', '不知道')
  writeFileSync(path, `${lines.join('\n')}\n`)
  const bad = Math.floor((lines.length - 1) / 500)
  const args = [
    'import',
    path,
    '--item',
    'permit-organisation',
    '--source',
    source.uscc,
    '--id',
    'killed',
    '--json',
  ]
  const chance = new Chance(Date.now() & 0xffff)
  for (let round = 0; round < 6; round++) {
    await xinheng(args, 400 + chance.below(2500))
    const list = JSON.parse((await xinheng(['delivery', 'list', '--json'])).out) as {
      received: number
      loaded: number
      rejected: number
      state: string
    }[]
    // One part: whole or absent.
    expect(list.length === 0 || list[0]?.received === ROWS).toBe(true)
  }
  const result = JSON.parse((await xinheng(args)).out)
  expect(result).toMatchObject({
    received: ROWS,
    rejected: bad,
    loaded: ROWS - bad,
    unchanged: 0,
    inReview: 0,
  })
  const again = JSON.parse((await xinheng([...args.filter((arg) => arg !== '--id' && arg !== 'killed')])).out)
  expect(again).toMatchObject({ received: ROWS, rejected: bad, loaded: 0, unchanged: ROWS - bad })
}, 480_000)
