import type { Caller } from './caller.ts'
import type { Delivery } from './messages.ts'

/** One of the client's own subscriptions, as it stands. */
export interface Subscription {
  readonly id: string
  readonly lists: readonly string[]
  readonly regions: readonly string[]
  readonly industries: readonly string[]
  readonly delivery: 'webhook' | 'pull'
  readonly state: string
  readonly waiting: number
}

/** The pull side of subscriptions, for systems that cannot be called. */
export class Subscriptions {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  async list(): Promise<Subscription[]> {
    const { subscriptions } = await this.#caller.json<{ subscriptions: Subscription[] }>({
      method: 'GET',
      path: '/api/v1/subscriptions',
    })
    return subscriptions
  }

  /** Messages after one, in order. @param after a message's id; from what is not acknowledged where absent */
  async messages(subscription: string, after?: string, limit = 100): Promise<Delivery[]> {
    const { messages } = await this.#caller.json<{ messages: Delivery[] }>({
      method: 'GET',
      path: `/api/v1/subscriptions/${subscription}/messages`,
      query: { after, limit },
    })
    return messages
  }

  /** Everything up to and with this message is done. */
  async acknowledge(subscription: string, upTo: string): Promise<void> {
    await this.#caller.json({
      method: 'POST',
      path: `/api/v1/subscriptions/${subscription}/acknowledgements`,
      body: { upTo },
    })
  }

  /** Asks to be sent everything again from a point on. @param from a message's id, or an instant (RFC 3339) */
  async replay(subscription: string, from: string): Promise<number> {
    const { messages } = await this.#caller.json<{ messages: number }>({
      method: 'POST',
      path: `/api/v1/subscriptions/${subscription}/replay`,
      body: { from },
    })
    return messages
  }

  /** Takes everything that waits: does each message, then acknowledges it. @returns how many were done */
  async take(subscription: string, handle: (delivery: Delivery) => void | Promise<void>): Promise<number> {
    let done = 0
    for (;;) {
      const messages = await this.messages(subscription)
      if (messages.length === 0) return done
      for (const delivery of messages) {
        await handle(delivery)
        await this.acknowledge(subscription, delivery.message.messageId)
        done++
      }
    }
  }
}
