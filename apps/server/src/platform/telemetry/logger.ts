import type { LoggerOptions } from 'pino'

/** Anything that looks like an identity number: the last defence, behind never logging delivered values at all. */
const ID_NUMBER = /[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]/g

/** JSON lines on stderr. Only what is named here is written of a request: no query, no body, no headers. */
export function loggerOptions(level: string): LoggerOptions & { stream?: NodeJS.WritableStream } {
  return {
    level,
    base: null,
    serializers: {
      req: (request: { method?: string; routeOptions?: { url?: string } }) => ({
        method: request.method,
        route: request.routeOptions?.url,
      }),
      err: (error: Error & { code?: string }) => ({ name: error.name, code: error.code }),
    },
    hooks: {
      logMethod(args, method) {
        const safe = args.map((argument) =>
          typeof argument === 'string' ? argument.replace(ID_NUMBER, '[id]') : argument,
        )
        method.apply(this, safe as Parameters<typeof method>)
      },
    },
    stream: process.stderr,
  }
}
