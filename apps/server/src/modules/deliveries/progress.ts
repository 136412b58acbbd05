import type { FastifyReply, FastifyRequest } from 'fastify'
import { actorOf } from '../../platform/http/access.ts'
import type { Desk } from './desk.ts'

const AT_LEAST_EVERY_MS = 1_000
/** A page that stays open longer asks again. */
const LONGEST_MS = 10 * 60_000

/** Server-sent events: how far a delivery is, until it has ended or the page has gone. */
export async function followProgress(
  request: FastifyRequest<{ Params: { id: number } }>,
  reply: FastifyReply,
  desk: Desk,
): Promise<void> {
  const actor = actorOf(request)
  const { id } = request.params
  // What the actor may not see is told before the stream begins.
  let now = await desk.history.progress(actor, id)
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  let gone = false
  let wake: (() => void) | undefined
  raw.on('close', () => {
    gone = true
    wake?.()
  })
  const stop = desk.runner.watch((delivery) => {
    if (delivery === id) wake?.()
  })
  const began = Date.now()
  try {
    for (let last = ''; !gone; now = await desk.history.progress(actor, id)) {
      const data = JSON.stringify(now)
      if (data !== last) raw.write(`event: progress\ndata: ${data}\n\n`)
      last = data
      if (now.state === 'done' || now.state === 'refused' || Date.now() - began > LONGEST_MS) break
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, AT_LEAST_EVERY_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wake = undefined
    }
  } catch {
    // The stream just ends: the page asks again and is told what is wrong.
  } finally {
    stop()
    raw.end()
  }
}
