/**
 * What judging a clean permit of 26 columns costs, on one core: cells, rules across fields and publication.
 * `node bench/judge-profile.ts [rows]`; with `--cpu-prof` to see where the time goes.
 */
import { readdirSync, readFileSync } from 'node:fs'
import {
  type CatalogueItem,
  type CodeList,
  compileJudge,
  DEMO_REGIONS,
  dayOfNumber,
  headerMatcher,
  isRegion,
  organisationCodeCheck,
  type PublicationRules,
  usccCheck,
} from '@xinheng/core'
import { parse } from 'yaml'

const POLICY = new URL('../policy/', import.meta.url)
const read = <T>(path: string): T => parse(readFileSync(new URL(path, POLICY), 'utf8')) as T
const ROUNDS = 5
const rows = Number(process.argv[2] ?? 100_000)

const item = read<CatalogueItem>('items/permit-organisation/2.yaml')
const lists = readdirSync(new URL('code-lists/', POLICY)).map((file) => read<CodeList>(`code-lists/${file}`))
const unit = { uscc: uscc('11', '519900', 1), name: '示例市市场监督管理局', formerNames: [] }
const header = [
  ...[
    'XK_XDR_MC',
    'XK_XDR_LB',
    'XK_XDR_SHXYM',
    'XK_XDR_GSZC',
    'XK_XDR_ZZJG',
    'XK_XDR_SWDJ',
    'XK_XDR_SYDW',
    'XK_XDR_SHZZ',
  ],
  ...[
    'XK_FRDB',
    'XK_FR_ZJLX',
    'XK_FR_ZJHM',
    'XK_XKWS',
    'XK_WSH',
    'XK_XKLB',
    'XK_XKZS',
    'XK_XKBH',
    'XK_NR',
    'XK_JDRQ',
  ],
  ...['XK_YXQZ', 'XK_YXQZI', 'XK_XKJG', 'XK_XKJGDM', 'XK_ZT', 'XK_LYDW', 'XK_LYDWDM', 'BZ'],
]
const { fieldOf } = headerMatcher(item)(header)
const columnOf = new Int16Array(item.fields.length).fill(-1)
fieldOf.forEach((field, column) => {
  if (field >= 0) columnOf[field] = column
})

for (let round = 1; round <= ROUNDS; round++) {
  const judge = compileJudge(item, {
    codeLists: new Map(lists.map((list) => [list.code, list])),
    publication: read<PublicationRules>(`publication/${item.publication}.yaml`),
    today: '2026-11-24',
    sourceUnit: unit,
    findUnit: (code) => (code === unit.uscc ? unit : undefined),
    isRegion: (code) => isRegion(code, DEMO_REGIONS),
  })
  // As from a file: every cell a new string that nothing has looked at yet.
  const delivered = Array.from({ length: rows }, (_, index) => permit(index).join('\t').split('\t'))
  let odd = 0
  const before = performance.now()
  for (const row of delivered) {
    const judged = judge(row, columnOf)
    if (judged.findings.length > 0 || judged.publication.from === undefined) odd++
  }
  const milliseconds = performance.now() - before
  console.log(
    `round ${round}: ${((milliseconds * 1000) / rows).toFixed(2)} µs a row, ${Math.round((rows / milliseconds) * 1000)} rows/s, ${odd} with findings`,
  )
}

/** A good code of a made-up organisation in a region that GB/T 2260 does not use. */
function uscc(prefix: string, region: string, serial: number): string {
  const body = `MA${String(serial).padStart(6, '0')}`
  const code = `${prefix}${region}${body}${organisationCodeCheck(body)}`
  return code + usccCheck(code)
}

function permit(index: number): string[] {
  const day = dayOfNumber(19_800 + (index % 700)).replaceAll('-', '/')
  const end = dayOfNumber(22_000 + (index % 900)).replaceAll('-', '/')
  return [
    ...[
      `示例市青源区第${index}号食品经营有限公司`,
      '法人及非法人组织',
      uscc('91', '519902', index),
      '',
      '',
      '',
      '',
      '',
    ],
    ...[
      `示范${index % 997}`,
      '',
      '',
      '食品经营许可决定书',
      `示市监许〔2024〕${index}号`,
      '普通',
      '食品经营许可证',
      `JY1519902${index}`,
    ],
    ...[
      `预包装食品销售，散装食品销售，热食类食品制售；经营场所位于示例市青源区第${index % 5000}号。`,
      day,
      day,
      end,
    ],
    ...[unit.name, unit.uscc, '1', unit.name, unit.uscc, ''],
  ]
}
