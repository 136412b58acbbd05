import type { Access } from './access.ts'
import { problems } from './shapes.ts'

interface Described {
  readonly response?: Record<string, unknown>
}

const OF_EVERY_ROUTE = { 413: problems[400], 414: problems[400], 422: problems[400] }
/** Nobody need sign in, and nothing is there to be in conflict with. */
const PUBLIC_READ = [400, 404, 414, 429, 503]

/**
 * What the contract says of a route's answers: beside its own, the refusals that doors, limits and the reading of
 * requests give on every route; all of them problems by RFC 9457.
 */
export function withProblems<T extends object>(schema: T, method: string, access: Access | undefined): T {
  const own = (schema as Described).response ?? {}
  const open = access === 'public' && method === 'GET'
  const general = Object.entries({ ...problems, ...OF_EVERY_ROUTE }).filter(
    ([status]) => !open || PUBLIC_READ.includes(Number(status)),
  )
  const response: Record<string, unknown> = { ...Object.fromEntries(general), ...own }
  for (const [status, answer] of Object.entries(response))
    if (Number(status) >= 400 && typeof answer === 'object' && answer !== null && !('content' in answer))
      response[status] = {
        description: 'RFC 9457 problem details',
        content: { 'application/problem+json': { schema: answer } },
      }
  return { ...schema, response }
}
