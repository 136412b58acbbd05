import { expect, test } from 'vitest'
import { networkOf } from './network.ts'
import { entityTag, isKnown } from './tag.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s is limited as %s', (address, network) => expect(networkOf(address)).toBe(network))

test('a tag is known alone, in a list, weak, or by a star; another day makes another tag', () => {
  const tag = entityTag('2026-11-24', 'body')
  for (const header of [tag, `W/${tag}`, `"x", ${tag}`, '*']) expect(isKnown(header, tag)).toBe(true)
  for (const header of [undefined, '', '"x"', tag.replaceAll('"', '')])
    expect(isKnown(header, tag)).toBe(false)
  expect(entityTag('2026-11-25', 'body')).not.toBe(tag)
})
