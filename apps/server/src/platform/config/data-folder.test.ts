import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { ensureDataFolder, secretOnce } from './data-folder.ts'

const fresh = () => join(inject('testFolder'), `data-${Math.random()}`)

test('a data folder is made with all above it; where none can be, a sentence says so', () => {
  const path = join(fresh(), 'a', 'b')
  ensureDataFolder(path)
  ensureDataFolder(path)
  expect(statSync(path).isDirectory()).toBe(true)
  const file = fresh()
  writeFileSync(file, '')
  for (const impossible of [file, join(file, 'data'), '/proc/nothing/data'])
    expect(() => ensureDataFolder(impossible)).toThrow(expect.objectContaining({ code: 'data.no-folder' }))
})

test('a secret is made once, for its owner’s eyes, and nothing half-made is taken for one', () => {
  const folder = fresh()
  mkdirSync(folder)
  const path = join(folder, 'key')
  const first = secretOnce(path, 32)
  expect(secretOnce(path, 32)).toBe(first)
  expect(Buffer.from(first, 'base64url')).toHaveLength(32)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['key'])
  writeFileSync(path, '')
  expect(() => secretOnce(path, 32)).toThrow(expect.objectContaining({ code: 'data.secret-broken' }))
  expect(existsSync(path)).toBe(true)
})
