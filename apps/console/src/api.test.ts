import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const GENERATED = /\b(?:Get|Post|Put|Delete)Api\w+Response\b/
const CALL = /\b(?:useApi|read|send|useQuery)<\s*((?:\{[^}]*\}|\w)+)/g
/** Worked out in the browser from two answers. */
const LOCAL = 'Proven'
const ALIAS = /^(?:export )?type (\w+) =\s*([^\n]+(?:\n {2}[^\n]+)*)/gm

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^api\.ts$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(import.meta.dirname, name), 'utf8') }))

/** Names of types that are parts of what the generated client tells. */
function derived(): ReadonlySet<string> {
  const aliases = sources.flatMap(({ text }) =>
    [...text.matchAll(ALIAS)].map(([, name, of]) => ({ name, of })),
  )
  const known = new Set<string>()
  for (let grown = true; grown; ) {
    grown = false
    for (const { name, of } of aliases) {
      if (name === undefined || known.has(name)) continue
      const first = /^(?:Omit<|Extract<|NonNullable<|Pick<)?(\w+)/.exec(of ?? '')?.[1] ?? ''
      if (!GENERATED.test(first) && !known.has(first)) continue
      known.add(name)
      grown = true
    }
  }
  return known
}

test('what the server answers is typed by the generated client and nowhere by hand', () => {
  const known = derived()
  const asked = sources.flatMap(({ name, text }) =>
    [...text.matchAll(CALL)].map(([, type]) => ({ name, type })),
  )
  expect(asked.length).toBeGreaterThan(60)
  expect(
    asked
      .filter(({ type = '' }) => type !== LOCAL && !GENERATED.test(type) && !known.has(type))
      .map(({ name, type }) => `${name}: ${type}`),
  ).toEqual([])
})
