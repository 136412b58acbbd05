import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import iconv from 'iconv-lite'
import { Chance } from './chance.ts'
import {
  before,
  type City,
  type CityOrganisation,
  type CityUnit,
  dayBetween,
  demoCity,
  personName,
} from './city.ts'
import { neverIssuedIdNumber, validRegistrationNumber } from './codes.ts'
import type { DemoDelivery, Format, Headers, Row } from './demo-delivery.ts'
import { listDeliveries } from './demo-lists.ts'
import { CHINESE_HEADERS, OLDER_HEADERS } from './headers.ts'
import { otherDeliveries } from './other-items.ts'

/** A file as a department would send it, and to which item. */
export interface DemoFile {
  readonly path: string
  readonly item: string
  readonly source: string
  /** Rows that were spoilt so that they must be rejected. */
  readonly spoilt: number
  readonly rows: number
}

/**
 * Writes the demo city's deliveries, registrations first: every format and header that departments use, with the dirt
 * of real life. The same seed and day give the same bytes (but for the times inside a workbook).
 * @param today ISO; the newest decisions lie a few days before it
 */
export async function writeDemoFiles(
  folder: string,
  today: string,
  seed = 1,
): Promise<{ city: City; files: DemoFile[] }> {
  mkdirSync(folder, { recursive: true })
  const city = demoCity(seed)
  const chance = new Chance(seed + 1)
  const deliveries: DemoDelivery[] = [
    ...registrations(city, chance),
    ...permits(city, chance, today),
    ...penalties(city, chance, today),
    ...persons(city, chance, today),
    ...otherDeliveries(city, chance, today),
    ...districtPermits(city, chance, today),
    ...listDeliveries(city, new Chance(seed + 2), today),
  ]
  const files: DemoFile[] = []
  for (const delivery of deliveries) {
    const path = join(
      folder,
      `${String(files.length + 1).padStart(2, '0')}-${delivery.name}.${{ gb18030: 'csv', bom: 'csv', xlsx: 'xlsx', ndjson: 'ndjson', tsv16: 'txt' }[delivery.format]}`,
    )
    await writeFile(path, delivery)
    files.push({
      path,
      item: delivery.item,
      source: delivery.source.uscc,
      spoilt: delivery.spoilt ?? 0,
      rows: delivery.rows.length,
    })
  }
  return { city, files }
}

function unit(city: City, part: string): CityUnit {
  return city.units.find((one) => one.name.includes(part)) as CityUnit
}

function registrations(city: City, chance: Chance): DemoDelivery[] {
  const row = (one: CityOrganisation): Row => ({
    企业名称: one.name,
    统一社会信用代码: chance.happens(0.02) ? one.uscc.toLowerCase() : one.uscc,
    成立日期: spelledDay(chance, one.establishedOn),
    企业类型: {
      enterprise: '有限责任公司',
      individualBusiness: '个体工商户',
      cooperative: '农民专业合作社',
      social: '民办非企业单位',
    }[one.kind],
    登记状态: chance.happens(0.96) ? '存续' : '注销',
    '注册资本(万元)':
      one.kind === 'enterprise'
        ? chance
            .pick(['100', '500万人民币', '"1,000.0000(万元人民币)"', '50', '2000', 'N/A'])
            .replaceAll('"', '')
        : 'N/A',
    法定代表人: one.representative,
    经营范围: one.scope,
    曾用名: one.formerName ?? '',
    住所: `${one.name.slice(0, 6)}示例路${1 + chance.below(300)}号`,
    行政区划: one.region,
  })
  const enterprises = city.organisations.filter((one) => one.kind !== 'social')
  const social = city.organisations.filter((one) => one.kind === 'social')
  const market = unit(city, '市场监督管理局')
  const civil = unit(city, '民政局')
  return [
    {
      name: '企业登记',
      item: 'enterprise-registration',
      source: market,
      rows: enterprises.map(row),
      format: 'gb18030',
      headers: 'chinese',
    },
    {
      name: '社会组织登记',
      item: 'enterprise-registration',
      source: civil,
      rows: social.map(row),
      format: 'xlsx',
      headers: 'chinese',
    },
  ]
}

function category(one: CityOrganisation): string {
  return one.kind === 'individualBusiness' ? '个体工商户' : '法人及非法人组织'
}

const PERMIT_KINDS: readonly (readonly [string, string, string, string])[] = [
  ['市场监督管理局', '食品经营许可', '食品经营许可证', '热食类食品制售；预包装食品销售'],
  ['交通运输局', '道路货物运输经营许可', '道路运输经营许可证', '道路普通货物运输'],
  ['住房和城乡建设局', '建筑业企业资质', '建筑业企业资质证书', '建筑工程施工总承包叁级'],
  ['卫生健康委员会', '公共场所卫生许可', '公共场所卫生许可证', '理发店；住宿场所'],
  ['应急管理局', '危险化学品经营许可', '危险化学品经营许可证', '易制爆危险化学品（不带储存）经营'],
  ['生态环境局', '排污许可', '排污许可证', '行业类别：食品制造；许可事项：废水排放'],
  ['农业农村局', '种子生产经营许可', '农作物种子生产经营许可证', '常规农作物种子生产、批发、零售'],
  ['烟草专卖局', '烟草专卖零售许可', '烟草专卖零售许可证', '卷烟、雪茄烟零售'],
]
const LAYOUTS: readonly (readonly [Format, Headers])[] = [
  ['gb18030', 'chinese'],
  ['bom', 'codes'],
  ['xlsx', 'chinese'],
  ['ndjson', 'codes'],
  ['tsv16', 'older'],
  ['gb18030', 'codes'],
  ['bom', 'chinese'],
  ['gb18030', 'older'],
]

function permits(city: City, chance: Chance, today: string): DemoDelivery[] {
  return PERMIT_KINDS.map(([department, documentName, certificate, content], k) => {
    const source = unit(city, department)
    const rows: Row[] = []
    let spoilt = 0
    for (let i = 0; i < 1550; i++) {
      const one = chance.pick(city.organisations)
      const decided =
        i < 40 ? before(today, chance.below(9)) : dayBetween(chance, '2019-03-01', before(today, 10))
      const row: Record<string, string> = {
        XK_XDR_MC: one.name,
        XK_XDR_LB: category(one),
        XK_XDR_SHXYM: one.uscc,
        XK_FRDB: one.representative,
        XK_XKWS: `${documentName}决定书`,
        XK_WSH: `示${department.slice(0, 2)}许〔${decided.slice(0, 4)}〕${k}${String(i).padStart(4, '0')}号`,
        XK_XKLB: chance.pick(['普通', '普通', '核准', '登记', '其他-备案类']),
        XK_XKZS: certificate,
        XK_XKBH: `XK${k}${String(i).padStart(6, '0')}`,
        XK_NR: content,
        XK_JDRQ: spelledDay(chance, decided),
        XK_YXQZ: spelledDay(chance, decided),
        XK_YXQZI: chance.happens(0.2)
          ? '2099/12/31'
          : spelledDay(
              chance,
              `${Number(decided.slice(0, 4)) + 5}${decided.slice(4) === '-02-29' ? '-02-28' : decided.slice(4)}`,
            ),
        XK_XKJG: source.name,
        XK_XKJGDM: source.uscc,
        XK_ZT: '1',
        XK_LYDW: source.name,
        XK_LYDWDM: source.uscc,
        BZ: '',
      }
      spoilt += soil(row, 'XK', chance, one, i, today)
      rows.push(row)
    }
    const [format, headers] = LAYOUTS[k] as readonly [Format, Headers]
    return { name: `许可-${department}`, item: 'permit-organisation', source, rows, format, headers, spoilt }
  })
}

/** Districts that deliver; the others are silent, as some always are. */
const DELIVERING_DISTRICTS = ['青源区', '云岭区', '澄湖区', '苍石县']

/** A few weeks of permits from districts' market authorities: most in time, some late, some spoilt. */
function districtPermits(city: City, chance: Chance, today: string): DemoDelivery[] {
  return DELIVERING_DISTRICTS.map((district, k) => {
    const source = unit(city, `${district}市场监督管理局`)
    let spoilt = 0
    const rows = Array.from({ length: 60 + k * 25 }, (_, i) => {
      const one = chance.pick(city.organisations)
      const decided = before(today, chance.happens(0.85) ? chance.below(8) : 12 + chance.below(20))
      const row: Record<string, string> = {
        XK_XDR_MC: one.name,
        XK_XDR_LB: category(one),
        XK_XDR_SHXYM: one.uscc,
        XK_FRDB: one.representative,
        XK_XKWS: '食品经营许可决定书',
        XK_WSH: `${district.slice(0, 2)}市监许〔${decided.slice(0, 4)}〕${String(i + 1).padStart(3, '0')}号`,
        XK_XKLB: '普通',
        XK_XKZS: '食品经营许可证',
        XK_XKBH: `DXK${k}${String(i).padStart(5, '0')}`,
        XK_NR: '热食类食品制售；预包装食品销售',
        XK_JDRQ: decided,
        XK_YXQZ: decided,
        XK_YXQZI: '2099/12/31',
        XK_XKJG: source.name,
        XK_XKJGDM: source.uscc,
        XK_ZT: '1',
        XK_LYDW: source.name,
        XK_LYDWDM: source.uscc,
        BZ: '',
      }
      spoilt += soil(row, 'XK', chance, one, i, today)
      return row
    })
    return {
      name: `许可-${district}市场监督管理局`,
      item: 'permit-organisation',
      source,
      rows,
      format: 'bom' as const,
      headers: 'codes' as const,
      spoilt,
    }
  })
}

const OFFENCES: readonly (readonly [string, string, string, string])[] = [
  [
    '市场监督管理局',
    '经营超过保质期的食品',
    '《中华人民共和国食品安全法》第一百二十四条',
    '当事人在经营场所销售超过保质期的预包装食品。',
  ],
  [
    '交通运输局',
    '未取得道路运输经营许可擅自从事货运',
    '《中华人民共和国道路运输条例》第六十三条',
    '当事人未取得道路货物运输经营许可从事经营活动。',
  ],
  [
    '住房和城乡建设局',
    '未按施工图设计文件施工',
    '《建设工程质量管理条例》第六十四条',
    '当事人在示例工程施工中未按设计文件施工。',
  ],
  [
    '卫生健康委员会',
    '未按规定对公用物品消毒',
    '《公共场所卫生管理条例实施细则》第三十六条',
    '当事人未按规定对顾客用品用具进行清洗、消毒、保洁。',
  ],
  [
    '应急管理局',
    '未对从业人员进行安全生产教育',
    '《中华人民共和国安全生产法》第九十七条',
    '当事人未如实记录安全生产教育和培训情况。',
  ],
  [
    '生态环境局',
    '超标排放水污染物',
    '《中华人民共和国水污染防治法》第八十三条',
    '当事人总排口化学需氧量超过排放标准。',
  ],
  [
    '城市管理行政执法局',
    '未经批准占用城市道路',
    '《城市道路管理条例》第四十二条',
    '当事人擅自占用道路堆放物料。',
  ],
  [
    '税务局',
    '未按规定保管账簿凭证',
    '《中华人民共和国税收征收管理法》第六十条',
    '当事人未按规定设置、保管账簿。',
  ],
]

function penalties(city: City, chance: Chance, today: string): DemoDelivery[] {
  return OFFENCES.map(([department, offence, ground, facts], k) => {
    const source = unit(city, department)
    const rows: Row[] = []
    let spoilt = 0
    for (let i = 0; i < 1030; i++) {
      const one = chance.pick(city.organisations)
      const decided =
        i < 30
          ? before(today, chance.below(9))
          : dayBetween(chance, i % 3 === 0 ? '2019-08-01' : '2024-06-01', before(today, 10))
      const kinds = chance.pick([
        '罚款',
        '罚款',
        '罚款；没收违法所得',
        '警告',
        '警告；罚款',
        '责令停产停业',
        '吊销许可证件',
        '通报批评',
      ])
      const fine = kinds.includes('罚款') ? chance.pick(['0.2', '0.5', '1', '2.5', '5', '10', '12.345']) : ''
      const row: Record<string, string> = {
        CF_XDR_MC: one.name,
        CF_XDR_LB: category(one),
        CF_XDR_SHXYM: one.uscc,
        CF_FRDB: one.representative,
        CF_WSH: `示${department.slice(0, 2)}罚〔${decided.slice(0, 4)}〕${k}${String(i).padStart(4, '0')}号`,
        CF_WFXW: offence,
        CF_SY: facts,
        CF_YJ: ground,
        CF_CFLB: kinds,
        CF_NR: `对当事人作出${kinds}的行政处罚`,
        CF_NR_FK: fine,
        CF_NR_WFFF: kinds.includes('没收违法所得') ? chance.pick(['0.08', '0.36', '1.2']) : '',
        CF_NR_ZKDX: kinds.includes('吊销') ? '示例许可证 第00001号' : '',
        CF_JDRQ: spelledDay(chance, decided),
        CF_YXQ: '2099/12/31',
        CF_CFJG: source.name,
        CF_CFJGDM: source.uscc,
        CF_SJLY: source.name,
        CF_SJLYDM: source.uscc,
        BZ: '',
        适用程序: chance.pick(['普通', '普通', '普通', '简易', '']),
      }
      spoilt += soil(row, 'CF', chance, one, i, today)
      rows.push(row)
    }
    const [format, headers] = LAYOUTS[(k + 3) % LAYOUTS.length] as readonly [Format, Headers]
    return { name: `处罚-${department}`, item: 'penalty-organisation', source, rows, format, headers, spoilt }
  })
}

/** The dirt of real life. @returns 1 when the row must now be rejected */
function soil(
  row: Record<string, string>,
  prefix: 'XK' | 'CF',
  _chance: Chance,
  one: CityOrganisation,
  i: number,
  today: string,
): number {
  const code = `${prefix}_XDR_SHXYM`
  const name = `${prefix}_XDR_MC`
  const text = prefix === 'XK' ? 'XK_NR' : 'CF_SY'
  switch (i % 97) {
    case 3:
      row[code] = one.uscc.toLowerCase()
      return 0
    case 7:
      row[code] = [...one.uscc]
        .map((character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
        .join('')
      return 0
    case 11:
      row[name] = ` ${one.name}\u200b`
      return 0
    case 17:
      row[code] = `${one.uscc.slice(0, 16)}${one.uscc[17]}${one.uscc[16]}`
      return one.uscc[16] === one.uscc[17] ? 0 : 1
    case 23:
      row[code] = '9.15199E+17'
      return 1
    case 29:
      row[prefix === 'XK' ? 'XK_WSH' : 'CF_YJ'] = ''
      return 1
    case 31:
      row[prefix === 'XK' ? 'XK_JDRQ' : 'CF_JDRQ'] = `${Number(today.slice(0, 4)) + 2}/01/05`
      return 1
    case 41:
      row[name] = one.name.replace('示例市', '示列市')
      return 0
    case 47:
      row[text] = `${row[text]}联系人电话1380000${String(1000 + (i % 9000))}。`
      return 0
    case 53:
      row[text] = `${row[text]}经办人身份证号${neverIssuedIdNumber('519902', '19850312')}。`
      return 0
    case 59:
      row[code] = validRegistrationNumber(one.region, i)
      return 0
    case 61:
      row[code] = `${one.uscc.slice(0, 3)}O${one.uscc.slice(4)}`
      return 1
    case 67:
      row.BZ = '=HYPERLINK("http://example.invalid","点击")'
      return 0
    case 71:
      row[text] = `<script>alert(1)</script>${row[text]}`
      return 1
    default:
      return 0
  }
}

function persons(city: City, chance: Chance, today: string): DemoDelivery[] {
  const source = unit(city, '人力资源和社会保障局')
  const rows: Row[] = Array.from({ length: 120 }, (_, i) => {
    const decided = dayBetween(chance, '2023-01-01', before(today, 10))
    return {
      XK_XDR_MC: personName(chance),
      XK_XDR_LB: '自然人',
      XK_XDR_ZJLX: '身份证',
      XK_XDR_ZJHM: neverIssuedIdNumber('519902', before('2000-12-28', i * 37).replaceAll('-', '')),
      XK_XKWS: '职业资格许可决定书',
      XK_WSH: `示人社许〔${decided.slice(0, 4)}〕${i}号`,
      XK_XKLB: '认可',
      XK_XKZS: '',
      XK_XKBH: '',
      XK_NR: '准予从事特种作业',
      XK_JDRQ: decided,
      XK_YXQZ: decided,
      XK_YXQZI: '2099/12/31',
      XK_XKJG: source.name,
      XK_XKJGDM: source.uscc,
      XK_ZT: '1',
      XK_LYDW: source.name,
      XK_LYDWDM: source.uscc,
    }
  })
  return [{ name: '许可-自然人', item: 'permit-person', source, rows, format: 'bom', headers: 'codes' }]
}

/** A day as clerks spell it. */
function spelledDay(chance: Chance, day: string): string {
  const [year, month, date] = day.split('-') as [string, string, string]
  switch (chance.below(12)) {
    case 0:
      return `${year}年${Number(month)}月${Number(date)}日`
    case 1:
      return `${year}.${Number(month)}.${Number(date)}`
    case 2:
      return `${year}${month}${date}`
    case 3:
      return `${day} 00:00:00`
    default:
      return `${year}/${month}/${date}`
  }
}

async function writeFile(path: string, delivery: DemoDelivery): Promise<void> {
  const keys = [...new Set(delivery.rows.flatMap((row) => Object.keys(row)))]
  const header = keys.map((key) =>
    delivery.headers === 'codes'
      ? key
      : delivery.headers === 'older'
        ? (OLDER_HEADERS[key] ?? key)
        : (CHINESE_HEADERS[key] ?? key),
  )
  if (delivery.format === 'ndjson') {
    writeFileSync(
      path,
      delivery.rows
        .map((row) =>
          JSON.stringify(Object.fromEntries(keys.map((key, i) => [header[i] as string, row[key] ?? '']))),
        )
        .join('\n'),
    )
    return
  }
  if (delivery.format === 'xlsx') return writeWorkbook(path, delivery, header, keys)
  const separator = delivery.format === 'tsv16' ? '\t' : ','
  const cell = (text: string) =>
    text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  const lines = [header, ...delivery.rows.map((row) => keys.map((key) => row[key] ?? ''))].map((cells) =>
    cells.map(cell).join(separator),
  )
  // Titles above the header, empty columns and rows behind the data.
  if (delivery.format === 'gb18030') {
    lines.unshift(`${delivery.source.name}报送数据${separator.repeat(3)}`)
    lines.push(separator.repeat(keys.length + 2), separator.repeat(keys.length + 2))
  }
  const text = `${lines.join('\r\n')}\r\n`
  writeFileSync(
    path,
    delivery.format === 'gb18030'
      ? iconv.encode(text, 'gb18030')
      : delivery.format === 'tsv16'
        ? iconv.encode(text, 'utf-16le', { addBOM: true })
        : `\ufeff${text}`,
  )
}

async function writeWorkbook(
  path: string,
  delivery: DemoDelivery,
  header: readonly string[],
  keys: readonly string[],
): Promise<void> {
  const book = new ExcelJS.Workbook()
  book.created = new Date(0)
  book.addWorksheet('填表说明').addRow(['请勿修改表头'])
  const sheet = book.addWorksheet('数据')
  sheet.addRow([`${delivery.source.name}报送表`])
  sheet.mergeCells(1, 1, 1, Math.max(2, header.length))
  sheet.addRow(header.map((title) => `*${title} `))
  for (const row of delivery.rows) {
    sheet.addRow(
      keys.map((key) => {
        const text = row[key] ?? ''
        // Some days are day cells, some amounts numbers, as spreadsheets have them.
        if (/^\d{4}\/\d{2}\/\d{2}$/.test(text) && !text.startsWith('2099'))
          return new Date(`${text.replaceAll('/', '-')}T00:00:00Z`)
        return /^\d{1,6}(?:\.\d+)?$/.test(text) ? Number(text) : text
      }),
    )
  }
  await book.xlsx.writeFile(path)
}
