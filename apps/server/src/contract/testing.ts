import fc from 'fast-check'

export interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  allOf?: Schema[]
  oneOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  additionalProperties?: boolean | Schema
  patternProperties?: Record<string, Schema>
}

export interface Operation {
  parameters?: {
    name: string
    in: 'path' | 'query' | 'header' | 'cookie'
    required?: boolean
    schema: Schema
  }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
}

export interface Contract {
  paths: Record<string, Record<string, Operation>>
}

/** One request as it goes over the wire. */
export interface Made {
  readonly url: string
  readonly body?: string
  readonly contentType?: string
}

/** What answers have told of: the names of things, so that requests reach things that are there. */
export class Known {
  readonly #values = new Map<string, unknown[]>()

  learn(answer: unknown, depth = 0): void {
    if (depth > 6 || typeof answer !== 'object' || answer === null) return
    for (const [name, value] of Object.entries(answer)) {
      if (typeof value === 'object') {
        for (const one of Array.isArray(value) ? value.slice(0, 3) : [value]) this.learn(one, depth + 1)
      } else if (value !== '') this.add(name, value)
    }
  }

  add(name: string, value: unknown): void {
    const seen = this.#values.get(name) ?? []
    if (seen.length < 12 && !seen.includes(value)) this.#values.set(name, [...seen, value])
  }

  of(name: string, schema: Schema): unknown[] {
    const kinds = ['object', 'merge', 'row', 'index', 'key'].includes(name) ? [name, 'id'] : [name]
    return kinds.flatMap((kind) => this.#values.get(kind) ?? []).filter((value) => fits(value, schema))
  }
}

function fits(value: unknown, schema: Schema): boolean {
  if (schema.enum !== undefined) return schema.enum.includes(value)
  if (schema.type === 'integer' || schema.type === 'number') return typeof value === 'number'
  if (schema.type !== 'string' || typeof value !== 'string') return schema.type === undefined
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value)
}

const ODD_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e示\u200b例\ufeff',
  '𠮷'.repeat(50),
  'e\u0301\u0323',
  '<script>alert(1)</script>',
  "' OR 1=1 --",
  '%00%ff',
  '../../etc/passwd',
  '=HYPERLINK("x")',
  'null',
  'NaN',
  '-1',
  '0x10',
  '1e309',
  '9999-99-99',
  '2026-02-30',
  '0000-00-00',
  'x'.repeat(5000),
]
const ODD_NUMBERS = [-1, 0, 1.5, 2 ** 31, 2 ** 53, 9.3e18, -(2 ** 63), 1e308, 1e-7]
const ODD_VALUES: unknown[] = [
  ...ODD_TEXTS,
  ...ODD_NUMBERS,
  null,
  true,
  [],
  [null],
  {},
  { constructor: 1 },
  '示'.repeat(100_000),
]

const text = (schema: Schema): fc.Arbitrary<unknown> => {
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern, 'u'))
  if (schema.format === 'date') return fc.constantFrom('2026-11-01', '2000-02-29', '9999-12-31', '0001-01-01')
  const minLength = schema.minLength ?? 0
  const maxLength = Math.min(schema.maxLength ?? 40, Math.max(minLength, 40))
  return fc.oneof(
    fc.string({ minLength, maxLength, unit: 'binary' }),
    fc.string({ minLength, maxLength, unit: fc.constantFrom(...'示例市岚商贸有限公司A1 <&"\'') }),
  )
}

/** Values that a schema lets through. */
export function valid(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((one) => valid(one, known, name)))
  if (schema.allOf !== undefined)
    return fc
      .tuple(...schema.allOf.map((one) => valid(one, known, name)))
      .map((all) => Object.assign({}, ...(all as object[])))
  const seen = known.of(name, schema)
  const made = ofType(schema, known)
  return seen.length === 0 ? made : fc.oneof({ arbitrary: fc.constantFrom(...seen), weight: 3 }, made)
}

function ofType(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'string':
      return text(schema)
    case 'integer':
    case 'number': {
      const min = schema.minimum ?? -(2 ** 31)
      const max = schema.maximum ?? 2 ** 53
      return fc.oneof(
        fc.integer({ min, max: Math.max(min, Math.min(max, min + 10)) }),
        fc.constantFrom(min, max),
      )
    }
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valid(schema.items ?? {}, known), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3)),
      })
    case 'object': {
      const fields = Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, one]) => [name, valid(one, known, name)]),
      )
      const further = Object.values(schema.patternProperties ?? {})[0]
      const named = fc.record(fields, { requiredKeys: schema.required ?? [] })
      if (further === undefined) return named
      return fc
        .tuple(
          named,
          fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), valid(further, known), { maxKeys: 3 }),
        )
        .map(([left, right]) => ({ ...right, ...left }))
    }
    default:
      return fc.oneof(fc.string(), fc.integer(), fc.constant(null))
  }
}

/** Requests to an operation: such as its schema lets through, and such as nobody in their senses would send. */
export function requests(path: string, operation: Operation, known: Known): fc.Arbitrary<Made> {
  const parameters = (operation.parameters ?? []).filter((one) => one.in === 'path' || one.in === 'query')
  const [[contentType, { schema: bodySchema }] = [undefined, { schema: undefined }]] = Object.entries(
    operation.requestBody?.content ?? {},
  )
  const values = fc.record(
    Object.fromEntries(
      parameters.map((one) => [`${one.in} ${one.name}`, valid(one.schema, known, one.name)]),
    ),
    { requiredKeys: parameters.filter((one) => one.required).map((one) => `${one.in} ${one.name}`) },
  )
  const body = bodySchema === undefined ? fc.constant(undefined) : valid(bodySchema, known)
  const spoil = fc.record({
    what: fc.constantFrom(
      'nothing',
      'nothing',
      'parameter',
      'field',
      'field',
      'field',
      'body',
      'type',
      'missing',
    ),
    odd: fc.constantFrom(...ODD_VALUES),
    at: fc.nat(1000),
  })
  return fc.tuple(values, body, spoil).map(([given, wellFormed, { what, odd, at }]) => {
    const parts = { ...(given as Record<string, unknown>) }
    if (what === 'parameter' && parameters.length > 0) {
      const one = parameters[at % parameters.length] as (typeof parameters)[0]
      parts[`${one.in} ${one.name}`] = odd
    }
    const url = urlOf(path, parts)
    if (wellFormed === undefined) {
      if (what === 'body') return { url, body: JSON.stringify(odd), contentType: 'application/json' }
      if (what === 'type') return { url, body: 'a=1', contentType: 'application/x-www-form-urlencoded' }
      return { url }
    }
    const spoiled = what === 'field' ? withOdd(wellFormed, odd, at) : wellFormed
    switch (what) {
      case 'missing':
        return { url }
      case 'body':
        return {
          url,
          body: at % 2 === 0 ? JSON.stringify(odd) : '{"a":',
          ...(contentType === undefined ? {} : { contentType }),
        }
      case 'type':
        return {
          url,
          body: JSON.stringify(wellFormed),
          contentType: ['text/plain', 'application/xml', 'x', 'application/x-www-form-urlencoded'][
            at % 4
          ] as string,
        }
      default:
        return { url, body: JSON.stringify(spoiled), contentType: 'application/json' }
    }
  })
}

function withOdd(value: unknown, odd: unknown, at: number): unknown {
  if (typeof value !== 'object' || value === null) return odd
  const names = Object.keys(value)
  if (names.length === 0) return { unheard: odd }
  const name = names[at % names.length] as string
  const inner = (value as Record<string, unknown>)[name]
  const spoiled = at % 3 === 0 ? withOdd(inner, odd, at >> 2) : odd
  if (Array.isArray(value)) return value.map((one, i) => (String(i) === name ? spoiled : one))
  return { ...value, [name]: spoiled }
}

function urlOf(path: string, parts: Record<string, unknown>): string {
  const encoded = (value: unknown): string => {
    const plain = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return encodeURIComponent(plain.slice(0, 3000).toWellFormed())
  }
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encoded(parts[`path ${name}`]) || '%20')
  const query = Object.entries(parts)
    .filter(([name]) => name.startsWith('query '))
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(
        (one) => `${encodeURIComponent(name.slice(6))}=${encoded(one)}`,
      ),
    )
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`
}
