import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { interrupt } from './interruptions.ts'
import type { Sentence } from './language.ts'

/** The server's problem+json: a stable code, and sentence with remedy in both languages. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly sentence: Sentence

  constructor(status: number, code: string, sentence: Sentence) {
    super(`${code}: ${sentence.en}`)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.sentence = sentence
  }
}

const OFFLINE: Sentence = {
  zh: '连接不上服务器。请检查网络后重试，已填内容仍在。',
  en: 'The server cannot be reached. Check the network and try again; what you entered is still here.',
}
const UNEXPECTED: Sentence = { zh: '服务出错，请稍后重试。', en: 'Something went wrong; please try again.' }

/** Codes after which the same request is made again, once the person has proved again who they are. */
const SIGNED_OUT = new Set(['access.not-signed-in'])
const NOT_FRESH = new Set(['access.not-fresh'])

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Makes a request, and again after an interruption: an ended session loses nothing of what was typed. */
export async function fetchAnswer(path: string, request: RequestInit = {}): Promise<Response> {
  for (;;) {
    const response = await fetch(path, { credentials: 'same-origin', ...request }).catch(() => {
      throw new Problem(0, 'network.down', OFFLINE)
    })
    if (response.ok) return response
    const problem = await readProblem(response)
    if (SIGNED_OUT.has(problem.code) && (await interrupt('signIn'))) continue
    if (NOT_FRESH.has(problem.code) && (await interrupt('proveAgain'))) continue
    throw problem
  }
}

async function readProblem(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as { code?: string; detail?: string; detailEn?: string }
    if (typeof body.code === 'string' && typeof body.detail === 'string')
      return new Problem(response.status, body.code, { zh: body.detail, en: body.detailEn ?? body.detail })
  } catch {
    // Not JSON: a proxy's page, say.
  }
  return new Problem(response.status, `http.${response.status}`, UNEXPECTED)
}

/** Reads JSON. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetchAnswer(path, signal === undefined ? {} : { signal })
  return (await response.json()) as T
}

/** Sends JSON and reads the answer; undefined where the server answers without a body. */
export async function send<T = undefined>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await fetchAnswer(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** A reading kept while the page is open. The path is its key: `invalidate(path)` in `query.ts` refreshes it. */
export function useApi<T>(
  path: string | undefined,
  options: { refreshMs?: number } = {},
): UseQueryResult<T, Problem> {
  return useQuery<T, Problem>({
    queryKey: [path],
    queryFn: ({ signal }) => read<T>(path as string, signal),
    enabled: path !== undefined,
    ...(options.refreshMs === undefined ? {} : { refetchInterval: options.refreshMs }),
  })
}
