import type { FastifyReply, FastifyRequest } from 'fastify'

/** Reads one cookie of a request. */
export function cookieOf(request: FastifyRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

interface CookieOptions {
  /** Absent: until the browser is closed. */
  readonly maxAgeSeconds?: number
  /** Lax where it has to come along when another site leads back to us. */
  readonly sameSite?: 'Strict' | 'Lax'
}

/** A cookie for this host alone, which no script reads. */
export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  { maxAgeSeconds, sameSite = 'Strict' }: CookieOptions = {},
): void {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`
  // Fastify gathers several of them in an array.
  reply.header('set-cookie', `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${sameSite}${age}`)
}

export const clearCookie = (reply: FastifyReply, name: string): void =>
  setCookie(reply, name, '', { maxAgeSeconds: 0 })
