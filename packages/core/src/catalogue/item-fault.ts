import { ITEM_FAULT_TEXTS, type ItemFaultCode } from './item-fault-messages.ts'

/** A mistake in an item that its shape does not show. `path` leads to it: ['rules', 3, 'violatedWhen']. */
export interface ItemFault {
  readonly path: readonly (string | number)[]
  /** Stable: `item.role-unknown`. */
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly remedyZh: string
  readonly remedyEn: string
}

/** What an item may rely on. */
export interface ItemSurroundings {
  readonly codeLists: ReadonlySet<string>
  readonly publications: ReadonlySet<string>
  /** Publication rules that give no end: not for adverse facts. */
  readonly openEndedPublications?: ReadonlySet<string>
}

export type AddFault = (
  code: ItemFaultCode,
  path: readonly (string | number)[],
  parameters?: Readonly<Record<string, string | number>>,
) => void

/** Gathers faults with their sentences. */
export function faultList(): { readonly faults: ItemFault[]; readonly add: AddFault } {
  const faults: ItemFault[] = []
  const add: AddFault = (code, path, parameters = {}) => {
    const fill = (sentence: string) =>
      sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? ''))
    const [zh, en, remedyZh, remedyEn] = ITEM_FAULT_TEXTS[code]
    faults.push({
      path,
      code,
      zh: fill(zh),
      en: fill(en),
      remedyZh: fill(remedyZh),
      remedyEn: fill(remedyEn),
    })
  }
  return { faults, add }
}
