import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { DomainError } from '../errors/domain-error.ts'

/** Addresses that no stranger's server has: our own machines, the cloud's metadata, what is reserved. */
const INNER = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  INNER.addSubnet(network, prefix, 'ipv4')
/** Only 2000::/3 is given out to anybody; within it, what leads back into IPv4 or documents. */
const OUTER_6 = new BlockList()
OUTER_6.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  INNER.addSubnet(network, prefix, 'ipv6')

export interface PinnedAddress {
  readonly address: string
  readonly family: 4 | 6
}

export type Resolve = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>

const resolveAll: Resolve = (host) => lookup(host, { all: true, verbatim: true })

export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !INNER.check(address, 'ipv4')
  if (family === 6) return OUTER_6.check(address, 'ipv6') && !INNER.check(address, 'ipv6')
  return false
}

/**
 * The one address that a request may go to. Asked once and then pinned, so that a name that answers otherwise the next
 * time leads nowhere else; one inner address among several refuses the name.
 * @param allowed hosts and networks (`10.1.0.0/16`) of the operator's own, by setting
 * @throws DomainError `webhook.address`
 */
export async function pinnedAddress(
  url: URL,
  allowed: readonly string[],
  resolve: Resolve = resolveAll,
): Promise<PinnedAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const byName = allowed.includes(host) || allowed.includes(url.host)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (byName || isIP(host) !== 0)))
    throw refused()
  if (url.username !== '' || url.password !== '') throw refused()
  const found =
    isIP(host) === 0 ? await resolve(host).catch(() => []) : [{ address: host, family: isIP(host) }]
  if (found.length === 0) throw refused()
  const own = ownNetworks(allowed)
  const good = found.every(
    ({ address, family }) =>
      byName ||
      own.check(address, family === 6 ? 'ipv6' : 'ipv4') ||
      (url.protocol === 'https:' && isPublicAddress(address)),
  )
  if (!good) throw refused()
  const { address, family } = found[0] as { address: string; family: number }
  return { address, family: family === 6 ? 6 : 4 }
}

function ownNetworks(allowed: readonly string[]): BlockList {
  const own = new BlockList()
  for (const entry of allowed) {
    const [network, prefix] = entry.split('/') as [string, string | undefined]
    const family = isIP(network)
    if (family === 0) continue
    if (prefix === undefined) own.addAddress(network, family === 6 ? 'ipv6' : 'ipv4')
    else own.addSubnet(network, Number(prefix), family === 6 ? 'ipv6' : 'ipv4')
  }
  return own
}

function refused(): DomainError {
  return new DomainError('webhook.address', {
    zh: '该地址不可用于推送：须为公网 https 地址，或由系统管理员列入允许名单。',
    en: 'That address cannot be called: it must be public and https, or be on the operator’s own list.',
    remedyZh: '更换地址；内网地址须在 XINHENG_WEBHOOK_ALLOW 中列出。',
    remedyEn: 'Use another; an inner address must stand in XINHENG_WEBHOOK_ALLOW.',
  })
}
