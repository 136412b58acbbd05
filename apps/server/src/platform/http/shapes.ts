import { type TSchema, Type } from 'typebox'

/** A body without anything that is not named. */
export const Body = <T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })

export const Text = (maxLength: number, minLength = 1) => Type.String({ minLength, maxLength })
export const Code = Type.String({ pattern: '^\\d{6}$', description: '六位动态验证码 six digits' })
export const Password = Text(256)
export const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
})
export const Names = Type.Object({ zh: Type.String(), en: Type.String() })
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.String(),
    detailEn: Type.String(),
  },
  { description: 'RFC 9457 problem details' },
)
export const problems = {
  400: Problem,
  401: Problem,
  403: Problem,
  404: Problem,
  409: Problem,
  415: Problem,
  429: Problem,
  503: Problem,
}

/** Answers of acts that give nothing back. */
export const done = { 204: Type.Null({ description: 'done' }) }
/** What was proposed to a second person. */
export const proposed = { 201: Type.Object({ approval: Type.Integer() }) }
/** A file of one of these media types. */
export const fileOf = (...types: string[]) => ({
  200: {
    description: '文件 a file',
    content: Object.fromEntries(types.map((type) => [type, { schema: Type.String({ format: 'binary' }) }])),
  },
})
export const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
