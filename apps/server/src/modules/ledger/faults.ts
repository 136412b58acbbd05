interface Words {
  readonly zh: string
  readonly en: string
}

/** What the verifier can find, each with what it means. */
const FAULTS = {
  'log.missing': { zh: '账本名称缺失', en: 'the ledger’s own name is gone' },
  'entry.missing': { zh: '缺少条目：被删除', en: 'an entry is missing: it was removed' },
  'entry.changed': {
    zh: '条目内容与其叶哈希不符：被改动',
    en: 'an entry does not fit its leaf: it was changed',
  },
  'detail.changed': {
    zh: '明细与条目的承诺不符：被改动',
    en: 'a detail does not fit its commitment: it was changed',
  },
  'detail.missing': {
    zh: '明细缺失，且账本中没有删除它的命令',
    en: 'a detail is gone and no order in the ledger says so',
  },
  'detail.of-no-entry': { zh: '明细没有对应的条目', en: 'a detail belongs to no entry' },
  'subtree.missing': { zh: '缺少子树', en: 'a subtree is missing' },
  'subtree.changed': {
    zh: '子树哈希不符：其下有条目被改动、插入、删除或调换',
    en: 'a subtree differs: an entry under it was changed, inserted, removed or moved',
  },
  'subtree.beyond': { zh: '子树超出账本末尾', en: 'a subtree lies behind the end' },
  'head.own-differs': {
    zh: '树根与已签名的树头不符：此前有条目被改动、插入、删除或调换',
    en: 'the root differs from the signed head: an entry before it was changed, inserted, removed or moved',
  },
  'head.remembered-differs': {
    zh: '树根与数据文件夹中记住的树头不符：历史被改写',
    en: 'the root differs from the head remembered in the data folder: history was rewritten',
  },
  'head.witnessed-differs': {
    zh: '树根与见证人保存的树头不符：历史被改写并重新签名',
    en: 'the root differs from a witness’s head: history was rewritten and signed anew',
  },
  'head.beyond': {
    zh: '已签名的条目多于现有条目：末尾被截去',
    en: 'more entries were signed than there are: the end was cut off',
  },
  'head.own-beyond': {
    zh: '已签名的条目多于现有条目：末尾被截去',
    en: 'more entries were signed than there are: the end was cut off',
  },
  'head.remembered-beyond': {
    zh: '数据文件夹记住的条目多于现有条目：末尾被截去',
    en: 'the data folder remembers more entries than there are: the end was cut off',
  },
  'head.witnessed-beyond': {
    zh: '见证人见过的条目多于现有条目：末尾被截去',
    en: 'a witness has seen more entries than there are: the end was cut off',
  },
  'head.signature': { zh: '树头没有有效签名', en: 'a head bears no valid signature of ours' },
  'head.unreadable': { zh: '树头无法读取', en: 'a head cannot be read' },
  'head.changed': { zh: '树头的列与其签名文本不符', en: 'a head’s columns differ from its signed text' },
  'head.order': { zh: '树头的先后与时间不符', en: 'heads are not in the order of their times' },
  'head.other-ledger': { zh: '树头属于另一账本', en: 'a head belongs to another ledger' },
  'key.unknown': { zh: '数据库中有未知的签名密钥', en: 'the database names a key that is not known' },
  'key.unreadable': { zh: '签名密钥无法读取', en: 'a key cannot be read' },
  'record.differs': {
    zh: '该批次入库的记录与报送时不符：被改动、删除、插入或调换',
    en: 'records of a delivery differ from what was loaded: changed, removed, inserted or moved',
  },
  'record.of-no-entry': {
    zh: '记录没有对应的账本条目',
    en: 'records stand under no entry of the ledger',
  },
} as const satisfies Readonly<Record<string, Words>>

export type FaultCode = keyof typeof FAULTS

export interface Fault {
  readonly code: FaultCode
  /** Place of the entry, or size of the head. */
  readonly at: number
  readonly what?: string
  readonly zh: string
  readonly en: string
}

/** So many are named; all are counted. */
const NAMED = 100

export class FaultList {
  readonly list: Fault[] = []
  count = 0

  add(code: FaultCode, at: number, what?: string): void {
    this.count++
    if (this.list.length < NAMED)
      this.list.push({ code, at, ...(what === undefined ? {} : { what }), ...FAULTS[code] })
  }
}
