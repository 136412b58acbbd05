import { Type } from 'typebox'

const EXAMPLE = {
  type: 'urn:xinheng:problem:record.unknown',
  title: 'There is no such subject or fact, or its publication has ended.',
  status: 404,
  code: 'record.unknown',
  detail: '没有这个主体或信息，或其公示期已满。核对代码或链接。',
  detailEn: 'There is no such subject or fact, or its publication has ended. Check the code or link.',
}
const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.String(),
    detailEn: Type.String(),
  },
  { description: 'RFC 9457 problem details', examples: [EXAMPLE] },
)
/** An answer that says what is wrong. */
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
})

/** What a public read may answer beside what was asked for. */
export const publicProblems = {
  304: { description: 'unchanged since the tag of If-None-Match', type: 'null' },
  400: problem('the request is invalid'),
  404: problem('there is no such thing'),
  429: problem('too many requests'),
  503: problem('the database is away for the moment'),
}
