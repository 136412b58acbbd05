import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { DomainError } from '../../platform/errors/domain-error.ts'

const LEAST_MONTHS = 6

/**
 * How long details are kept, by `policy/ledger/retention.yaml`.
 * @returns months, or undefined for ever
 * @throws DomainError `policy.retention` where the policy would keep them for less than the law
 */
export function keptMonths(policyFolder: string): number | undefined {
  const path = join(policyFolder, 'ledger', 'retention.yaml')
  if (!existsSync(path)) return undefined
  const policy: unknown = parse(readFileSync(path, 'utf8'))
  const keep = (policy as { keep?: unknown } | null)?.keep
  if (keep === 'forever') return undefined
  if (typeof keep === 'number' && Number.isInteger(keep) && keep >= LEAST_MONTHS) return keep
  throw new DomainError('policy.retention', {
    zh: '账本保存期限须为 forever 或不少于 6 的整数月。',
    en: 'The ledger is kept `forever` or for a whole number of months, six at the least.',
    remedyZh: '改正 policy/ledger/retention.yaml 的 keep。',
    remedyEn: 'Correct `keep` in policy/ledger/retention.yaml.',
    status: 500,
  })
}
