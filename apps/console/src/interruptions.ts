import { useSyncExternalStore } from 'react'

/** Why work stops for a moment: the session ended, or a dangerous act asks who sits there. */
export type Interruption = 'signIn' | 'proveAgain'

interface Waiting {
  readonly kind: Interruption
  readonly settle: (goOn: boolean) => void
}

let waiting: readonly Waiting[] = []
let armed = false
const listeners = new Set<() => void>()

function change(to: readonly Waiting[]): void {
  waiting = to
  for (const listener of listeners) listener()
}

/** Before anybody has signed in, an ended session is the sign-in page's matter and no interruption. */
export function armInterruptions(on: boolean): void {
  armed = on
}

/** Asks the person; true when the request may be made again. Requests that wait together are asked once. */
export function interrupt(kind: Interruption): Promise<boolean> {
  if (!armed) return Promise.resolve(false)
  return new Promise((settle) => change([...waiting, { kind, settle }]))
}

export function settleInterruption(kind: Interruption, goOn: boolean): void {
  const settled = waiting.filter((one) => one.kind === kind)
  change(waiting.filter((one) => one.kind !== kind))
  for (const one of settled) one.settle(goOn)
}

export function useInterruption(): Interruption | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    // A session comes before a proof within it.
    () => (waiting.find((one) => one.kind === 'signIn') ?? waiting[0])?.kind,
  )
}
