import type { CatalogueItem, FieldDefinition } from './item.ts'
import type { AddFault, ItemSurroundings } from './item-fault.ts'

/** Facts that may never be collected, even by consent. @see 征信业管理条例 Art. 14 ¶1 */
const NEVER =
  /宗教|信仰|基因|遗传|DNA|指纹|血型|疾病|病史|病历|诊断结果|religion|\bgenes?\b|genetic|fingerprint|blood|disease|diagnosis/i
/** Of persons what stays where it is, or lies outside every catalogue. @see 征信业管理条例 Art. 14 ¶2 */
const PRIVATE =
  /个人收入|工资收入|收入数额|存款|有价证券|商业保险|保单|不动产|房产|纳税数额|人脸|行踪|出行轨迹|婚姻|家庭成员|犯罪记录|income|deposit|securit(?:y|ies)|insurancePolicy|realEstate|facial|familyMember/i
/** Held against people without any law. @see catalogue-and-lists: petitions, demolition, jaywalking, dogs, property fees */
const NOT_CREDIT =
  /信访|上访|拆迁|闯红灯|养犬|犬只|物业费|献血|垃圾分类|petition|demolition|jaywalk|dogKeeping|propertyFee|bloodGiving/i
/** Architecture, lawful by construction 1: a natural person is never scored, graded, ranked or profiled. */
const SCORING =
  /信用分|评分|得分|积分|信用等级|信用评价|排名|画像|creditScore|\bscore|rank(?:ing)?\b|profile/i

/** What an item would do that the law forbids: collect what may not be, show persons, show what is adverse for ever. */
export function findLegalFaults(
  item: CatalogueItem,
  fields: ReadonlyMap<string, FieldDefinition>,
  surroundings: ItemSurroundings,
  add: AddFault,
): void {
  const aboutPersons = item.subjectKinds.includes('person')
  findForbiddenWords(item, aboutPersons, add)
  if (aboutPersons) findPersonFaults(item, add)
  else if (item.roles.uscc === undefined) add('item.uscc-missing', ['roles'])
  findPublicationFaults(item, fields, surroundings, add)
}

function findForbiddenWords(item: CatalogueItem, aboutPersons: boolean, add: AddFault): void {
  const refuse = (words: readonly (string | undefined)[], path: readonly (string | number)[]) => {
    const first = (pattern: RegExp) => words.find((word) => word !== undefined && pattern.test(word))
    const forbidden = first(NEVER) ?? (aboutPersons ? first(PRIVATE) : undefined)
    const foreign = item.adverse ? first(NOT_CREDIT) : undefined
    const scoring = aboutPersons ? first(SCORING) : undefined
    if (forbidden !== undefined) add('item.forbidden', path, { word: forbidden })
    if (foreign !== undefined) add('item.not-credit', path, { word: foreign })
    if (scoring !== undefined) add('item.person-scored', path, { word: scoring })
  }
  refuse([item.title.zh, item.title.en], ['title'])
  item.fields.forEach((field, index) => {
    refuse([field.title.zh, field.name, field.title.en, ...(field.aliases ?? [])], ['fields', index, 'title'])
  })
}

function findPersonFaults(item: CatalogueItem, add: AddFault): void {
  if (item.subjectKinds.length > 1) add('item.mixed-kinds', ['subjectKinds'])
  if (item.publication !== undefined) add('item.person-public', ['publication'])
  else if (item.sharing === 'P') add('item.person-public', ['sharing'])
  if (item.roles.personDocumentNumber === undefined) add('item.person-without-number', ['roles'])
  const keepsMinorsOut = item.rules.some(
    ({ severity, violatedWhen }) => severity === 'error' && /\bsubjectAge\s*<\s*18\b/.test(violatedWhen),
  )
  if (item.adverse && !keepsMinorsOut) add('item.person-minor', ['rules'])
}

function findPublicationFaults(
  item: CatalogueItem,
  fields: ReadonlyMap<string, FieldDefinition>,
  surroundings: ItemSurroundings,
  add: AddFault,
): void {
  const { publication } = item
  const aboutPersons = item.subjectKinds.includes('person')
  if (publication === undefined) {
    if (item.sharing === 'P' && !aboutPersons) add('item.publication-missing', ['sharing'])
  } else {
    if (!surroundings.publications.has(publication))
      add('item.publication-unknown', ['publication'], { publication })
    else if (item.adverse && surroundings.openEndedPublications?.has(publication))
      add('item.adverse-endless', ['publication'], { publication })
    if (item.sharing !== 'P' && !aboutPersons)
      add('item.publication-idle', ['publication'], { sharing: item.sharing })
  }
  if (!item.adverse || item.sharing !== 'P') return
  const decidedOn = item.roles.decidedOn
  if (decidedOn === undefined) add('item.adverse-undated', ['roles'])
  else if (isOptional(fields.get(decidedOn)))
    add('item.adverse-date-optional', ['roles', 'decidedOn'], { field: decidedOn })
}

function isOptional(field: FieldDefinition | undefined): boolean {
  return field !== undefined && field.required !== true && field.fallback === undefined
}
