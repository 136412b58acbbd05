import { Caller, type CallerOptions } from './caller.ts'
import { Checks, type ChecksOptions } from './checks.ts'
import { MemoryOutbox } from './outbox.ts'
import { type Algorithm, type Signer, signerFrom } from './signing.ts'
import { Subscriptions } from './subscriptions.ts'

export { Caller, type CallerOptions, type Reply, type Request } from './caller.ts'
export {
  type Answer,
  type Applicant,
  Checks,
  type Decision,
  type Feedback,
  type Hit,
  NotCheckedYet,
  type Question,
  type Result,
} from './checks.ts'
export { FileJournal, type Journal, MemoryJournal } from './journal.ts'
export type { ActionLift, Delivery, ListEntry, MessageSubject } from './messages.ts'
export { FileOutbox, type Kept, MemoryOutbox, type Outbox } from './outbox.ts'
export { Problem, Unreachable, UnsignedReply } from './problem.ts'
export {
  type IncomingWebhook,
  isSignedMessage,
  Receiver,
  type ReceiverOptions,
  type WebhookReply,
} from './receiver.ts'
export { type Algorithm, canonicalRequest, type Signer, signerFrom } from './signing.ts'
export { type Subscription, Subscriptions } from './subscriptions.ts'

export interface ConnectOptions extends Omit<CallerOptions, 'signer'>, Partial<ChecksOptions> {
  /** A key in memory, or what reaches one in hardware. */
  readonly key: Signer | { readonly id: string; readonly algorithm: Algorithm; readonly privateKey: string }
}

/** Everything for one system client. */
export interface Xinheng {
  readonly call: Caller
  readonly checks: Checks
  readonly subscriptions: Subscriptions
  close(): Promise<void>
}

/** Connects a system client. Without an outbox questions are kept in memory alone, and die with the process. */
export function connect(options: ConnectOptions): Xinheng {
  const signer = 'sign' in options.key ? options.key : signerFrom(options.key)
  const call = new Caller({ ...options, signer })
  const checks = new Checks(call, { ...options, outbox: options.outbox ?? new MemoryOutbox() })
  return {
    call,
    checks,
    subscriptions: new Subscriptions(call),
    async close() {
      await checks.close()
      call.close()
    },
  }
}
