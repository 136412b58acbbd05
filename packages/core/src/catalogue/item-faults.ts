import { comparableHeader } from '../standardise/text.ts'
import { compileExpression, expressionEnvironment } from './expression.ts'
import type { CatalogueItem } from './item.ts'

/** A mistake in an item that its shape does not show. `path` leads to it: ['rules', 3, 'violatedWhen']. */
export interface ItemFault {
  readonly path: readonly (string | number)[]
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
}

/** Kinds of information about persons that may never be collected, even by consent. @see 征信业管理条例 Art. 14 */
const FORBIDDEN =
  /宗教信仰|基因|指纹|血型|疾病|病史|信访|基因|个人收入|存款|有价证券|保单|religion|gene|fingerprint|bloodType|disease/i

/** Finds every semantic mistake of an item in one pass. */
export function findItemFaults(item: CatalogueItem, surroundings: ItemSurroundings): ItemFault[] {
  const faults: ItemFault[] = []
  const add = (
    path: readonly (string | number)[],
    code: string,
    zh: string,
    en: string,
    remedyZh: string,
    remedyEn: string,
  ) => faults.push({ path, code, zh, en, remedyZh, remedyEn })
  const names = new Set(item.fields.map((field) => field.name))
  const seenNames = new Set<string>()
  const seenHeaders = new Map<string, string>()
  item.fields.forEach((field, index) => {
    const path = ['fields', index]
    if (seenNames.has(field.name))
      add(
        [...path, 'name'],
        'item.field-repeated',
        `字段“${field.name}”重复。`,
        `The field “${field.name}” stands twice.`,
        '改名或删除一个。',
        'Rename or remove one.',
      )
    seenNames.add(field.name)
    for (const header of [field.code, field.title.zh, ...(field.aliases ?? [])]) {
      if (header === undefined) continue
      const key = comparableHeader(header)
      const other = seenHeaders.get(key)
      if (other !== undefined && other !== field.name)
        add(
          [...path, field.aliases?.includes(header) ? 'aliases' : 'title'],
          'item.header-repeated',
          `表头“${header}”同时指向“${other}”和“${field.name}”。`,
          `The header “${header}” names both “${other}” and “${field.name}”.`,
          '一个表头只能对应一个字段。',
          'A header names one field.',
        )
      seenHeaders.set(key, other ?? field.name)
    }
    if (field.type === 'code' && field.list === undefined && field.values === undefined)
      add(
        [...path, 'type'],
        'item.code-without-values',
        `代码字段“${field.name}”没有取值。`,
        `The code field “${field.name}” has no values.`,
        '加 list 或 values。',
        'Add list or values.',
      )
    if (field.list !== undefined && !surroundings.codeLists.has(field.list))
      add(
        [...path, 'list'],
        'item.code-list-unknown',
        `没有代码表“${field.list}”。`,
        `There is no code list “${field.list}”.`,
        '在 policy/code-lists 中建立，或改名。',
        'Create it under policy/code-lists or correct the name.',
      )
    if (field.type === 'money' && field.unit === undefined)
      add(
        [...path, 'type'],
        'item.money-without-unit',
        `金额字段“${field.name}”没有单位。`,
        `The money field “${field.name}” has no unit.`,
        '加 unit: yuan 或 10000yuan。',
        'Add unit: yuan or 10000yuan.',
      )
    if (field.type === 'idNumber' && field.visibility !== 'secret')
      add(
        [...path, 'visibility'],
        'item.id-number-open',
        `身份证件号码“${field.name}”必须加密保存。`,
        `The identity number “${field.name}” must be secret.`,
        'visibility 改为 secret。',
        'Set visibility to secret.',
      )
    if (FORBIDDEN.test(field.title.zh) || FORBIDDEN.test(field.name))
      add(
        [...path, 'title'],
        'item.forbidden',
        `“${field.title.zh}”属于法律禁止归集的信息。`,
        `The law forbids collecting “${field.title.zh}”.`,
        '删除该字段。',
        'Remove the field.',
      )
    if (
      field.fallback?.startsWith('@') &&
      !['@sourceUnitName', '@sourceUnitUscc', '@authorityName', '@currency'].includes(field.fallback)
    )
      add(
        [...path, 'fallback'],
        'item.fallback-unknown',
        `不认识的缺省值“${field.fallback}”。`,
        `Unknown fallback “${field.fallback}”.`,
        '见 item.ts 中的说明。',
        'See its description.',
      )
  })
  for (const [role, name] of Object.entries(item.roles)) {
    if (!names.has(name))
      add(
        ['roles', role],
        'item.role-unknown',
        `角色 ${role} 指向不存在的字段“${name}”。`,
        `The role ${role} names no field: “${name}”.`,
        '改为已有字段名。',
        'Name an existing field.',
      )
  }
  item.naturalKey.forEach((name, index) => {
    const field = item.fields.find((one) => one.name === name)
    if (field === undefined)
      add(
        ['naturalKey', index],
        'item.key-unknown',
        `自然键“${name}”不是字段。`,
        `The natural key “${name}” is no field.`,
        '改为已有字段名。',
        'Name an existing field.',
      )
    else if (field.required !== true && field.fallback === undefined)
      add(
        ['naturalKey', index],
        'item.key-optional',
        `自然键“${name}”必须是必填字段。`,
        `The natural key “${name}” must be a required field.`,
        '加 required: true。',
        'Add required: true.',
      )
    else if (field.visibility === 'secret')
      add(
        ['naturalKey', index],
        'item.key-secret',
        `自然键“${name}”不得是加密字段。`,
        `The natural key “${name}” must not be secret.`,
        '换一个字段。',
        'Take another field.',
      )
  })
  const aboutPersons = item.subjectKinds.includes('person')
  if (aboutPersons && item.subjectKinds.length > 1)
    add(
      ['subjectKinds'],
      'item.mixed-kinds',
      '自然人须用单独的目录项。',
      'Natural persons need an item of their own.',
      '拆成两个目录项。',
      'Split it in two.',
    )
  if (aboutPersons && (item.sharing === 'P' || item.publication !== undefined))
    add(
      [item.publication === undefined ? 'sharing' : 'publication'],
      'item.person-public',
      '自然人的信息不得公示。',
      'Facts about persons are never public.',
      '共享属性改为 G、C 或 R，并删除 publication。',
      'Use G, C or R and remove publication.',
    )
  if (aboutPersons && item.roles.personDocumentNumber === undefined)
    add(
      ['roles'],
      'item.person-without-number',
      '自然人目录项须指明证件号码字段。',
      'An item about persons names its document number.',
      '加 roles.personDocumentNumber。',
      'Add roles.personDocumentNumber.',
    )
  if (!aboutPersons && item.roles.uscc === undefined)
    add(
      ['roles'],
      'item.uscc-missing',
      '目录项须指明统一社会信用代码字段。',
      'The item names its field with the code.',
      '加 roles.uscc。',
      'Add roles.uscc.',
    )
  if (item.sharing === 'P' && item.publication === undefined)
    add(
      ['sharing'],
      'item.publication-missing',
      '向社会公开的目录项须有公示规则。',
      'A public item needs publication rules.',
      '加 publication。',
      'Add publication.',
    )
  if (item.publication !== undefined && !surroundings.publications.has(item.publication))
    add(
      ['publication'],
      'item.publication-unknown',
      `没有公示规则“${item.publication}”。`,
      `There are no publication rules “${item.publication}”.`,
      '在 policy/publication 中建立，或改名。',
      'Create them under policy/publication or correct the name.',
    )
  if (item.adverse && item.sharing === 'P' && item.roles.decidedOn === undefined)
    add(
      ['roles'],
      'item.adverse-undated',
      '失信信息须有起算日期。',
      'An adverse fact needs the day its term begins.',
      '加 roles.decidedOn。',
      'Add roles.decidedOn.',
    )
  if (item.reporting !== undefined && !names.has(item.reporting.from))
    add(
      ['reporting', 'from'],
      'item.reporting-unknown',
      `报送时限的起算字段“${item.reporting.from}”不存在。`,
      `The deadline begins at no field: “${item.reporting.from}”.`,
      '改为已有字段名。',
      'Name an existing field.',
    )
  const environment = expressionEnvironment(item)
  const ruleCodes = new Set<string>()
  item.rules.forEach((rule, index) => {
    if (ruleCodes.has(rule.code))
      add(
        ['rules', index, 'code'],
        'item.rule-repeated',
        `规则 ${rule.code} 重复。`,
        `The rule ${rule.code} stands twice.`,
        '给它一个自己的代码。',
        'Give it a code of its own.',
      )
    ruleCodes.add(rule.code)
    rule.fields.forEach((name, at) => {
      if (!names.has(name))
        add(
          ['rules', index, 'fields', at],
          'item.rule-field-unknown',
          `规则 ${rule.code} 指向不存在的字段“${name}”。`,
          `The rule ${rule.code} names no field: “${name}”.`,
          '改为已有字段名。',
          'Name an existing field.',
        )
    })
    const compiled = compileExpression(rule.violatedWhen, environment)
    if ('faults' in compiled) {
      for (const fault of compiled.faults)
        add(
          ['rules', index, 'violatedWhen'],
          `item.${fault.code}`,
          `规则 ${rule.code} 的表达式有误：${fault.detail}。`,
          `The expression of rule ${rule.code} is wrong: ${fault.detail}.`,
          '对照 CEL 语法和字段名改正。',
          'Correct it by CEL and the fields’ names.',
        )
    }
  })
  return faults
}
