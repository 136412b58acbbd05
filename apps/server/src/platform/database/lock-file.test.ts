import { spawn } from 'node:child_process'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { identity, isAlive, lives, withLockFile } from './lock-file.ts'

const lock = () => join(inject('testFolder'), `lock-${Math.random()}`)

test('a process that was killed and that nobody waited for is dead', async () => {
  // The shell becomes a sleep that never waits for the child it began.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 10'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)))
  const named = identity(pid)
  expect(isAlive(pid)).toBe(true)
  expect(lives(named)).toBe(true)
  await wait(800)
  expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(' Z ')
  expect(isAlive(pid)).toBe(false)
  expect(lives(named)).toBe(false)
  parent.kill('SIGKILL')
})

test('another process that got the number is not taken for the one that had it', () => {
  expect(lives(identity(process.pid))).toBe(true)
  expect(lives(`${process.pid} 1`)).toBe(false)
})

test('one works after another, and a lock of the dead is taken over', async () => {
  const path = lock()
  const order: number[] = []
  const work = (number: number) =>
    withLockFile(`${path}-both`, async () => {
      order.push(number)
      await wait(20)
      order.push(number)
    })
  writeFileSync(path, `${process.pid} 1`)
  await withLockFile(path, async () => expect(existsSync(path)).toBe(true))
  expect(existsSync(path)).toBe(false)
  await Promise.all([work(1), work(2)])
  expect(order.join('')).toMatch(/^(1122|2211)$/)
})

test('a lock without a name is taken over when nobody can be writing it any more', async () => {
  const path = lock()
  writeFileSync(path, '')
  const long = new Date(Date.now() - 60_000)
  utimesSync(path, long, long)
  await withLockFile(path, async () => {})
  expect(existsSync(path)).toBe(false)
})
