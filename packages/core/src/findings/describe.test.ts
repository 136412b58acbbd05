import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  judgeRow,
  releasedItem,
  releasedItems,
  releasedPublications,
} from '../judge/released-policy.testing.ts'
import { describeFinding, describeHold, describeRepair } from './describe.ts'
import { FINDING_TEXTS } from './messages.ts'
import { HOLD_TEXTS, REPAIR_TEXTS } from './repair-messages.ts'

const permit = releasedItem('permit-organisation')

/** The text of the code beside this folder that can say something about a row. */
const sources = ['../judge', '../identifiers', '../standardise']
  .flatMap((folder) => {
    const url = new URL(`${folder}/`, import.meta.url)
    return readdirSync(url)
      .filter((file) => !file.includes('test'))
      .map((file) => readFileSync(new URL(file, url), 'utf8'))
  })
  .join('\n')

describe('the sentences of a finding', () => {
  test('name the field by its title, the limit and the place', () => {
    const [finding] = judgeRow('permit-organisation', { documentName: '许'.repeat(65) }).findings
    expect(finding).toBeDefined()
    expect(describeFinding(finding as NonNullable<typeof finding>, permit)).toEqual({
      message: {
        zh: '“行政许可决定文书名称”过长：最多64个字符。',
        en: '“Name of the decision” is too long: at most 64 characters.',
      },
      remedy: { zh: '缩短内容，或拆分为附件说明。', en: 'Shorten it.' },
    })
  })

  test('of a rule are the item’s own', () => {
    const told = describeFinding({ code: 'L03', severity: 'error', field: 'validFrom' }, permit)
    expect(told.message.zh).toBe('有效期自晚于有效期至。')
  })

  test('offer a suggestion to be checked, but never the number of a person’s document', () => {
    const finding = {
      code: 'F05/uscc.alphabet',
      severity: 'error',
      position: 5,
      suggestion: '91510500MA6TQ0014M',
    } as const
    expect(describeFinding({ ...finding, field: 'uscc' }, permit).remedy.en).toContain('91510500MA6TQ0014M')
    const secret = describeFinding(
      { ...finding, field: 'personDocumentNumber', suggestion: '51050219900101000X' },
      permit,
    )
    expect(JSON.stringify(secret)).not.toContain('51050219900101000X')
  })

  test('of an unknown code still tell which rule it is', () => {
    expect(describeFinding({ code: 'X99', severity: 'error' }, permit).message.zh).toBe('不符合规则 X99。')
  })

  test('exist for everything that identifiers and days can be wrong with, and leave no place unfilled', () => {
    const reasons = [...sources.matchAll(/reason: '([^']+)'/g)].map(([, reason]) => `F05/${reason}`)
    const days = [...sources.matchAll(/fault: '((?:day|money)\.[^']+)'/g)].map(([, fault]) => `F04/${fault}`)
    const own = [...sources.matchAll(/(?:code: |found\(field, )'([A-Z][A-Za-z0-9_]*(?:\/[a-z.-]+)?)'/g)].map(
      ([, code]) => code as string,
    )
    const codes = [...new Set([...reasons, ...days, ...own])]
    expect(codes.length).toBeGreaterThan(30)
    expect(codes.filter((code) => FINDING_TEXTS[code] === undefined)).toEqual([])
  })

  test.each(Object.keys(FINDING_TEXTS))('%s speaks both languages and says what to do', (code) => {
    const { message, remedy } = FINDING_TEXTS[code] as (typeof FINDING_TEXTS)[string]
    for (const sentence of [message, remedy]) {
      expect(sentence.zh).toMatch(/[\u4e00-\u9fff].*[。；]$/)
      expect(sentence.en).toMatch(/^[^\u4e00-\u9fff]*(?:万元)?[^\u4e00-\u9fff]*[.]$/)
    }
  })
})

describe('repairs and holds', () => {
  test('every repair that standardising makes has its sentence', () => {
    const codes = [
      ...[...sources.matchAll(/step\('([A-Z_]+)'/g)].map(([, code]) => code as string),
      ...[...sources.matchAll(/repairs(?:\.push\(|: \[|, )'([A-Z_0-9]+)'/g)].map(
        ([, code]) => code as string,
      ),
    ]
    expect(codes.length).toBeGreaterThan(12)
    expect([...new Set(codes)].filter((code) => REPAIR_TEXTS[code] === undefined)).toEqual([])
    expect(describeRepair('NEVER_SEEN').zh).toBe('已按标准整理。')
  })

  test('every hold of the released publication rules has its sentence', () => {
    const holds = releasedPublications().flatMap(({ rules }) => rules.flatMap(({ hold }) => hold ?? []))
    expect(holds).toContain('PROCEDURE_UNKNOWN')
    for (const hold of [...holds, 'PERSONAL_DATA_IN_TEXT']) expect(HOLD_TEXTS[hold]).toBeDefined()
    expect(describeHold('PERSONS_NAME').en).toContain('natural persons')
  })

  test('every rule of the released items speaks both languages', () => {
    for (const item of releasedItems()) {
      for (const rule of item.rules) {
        const told = describeFinding(
          { code: rule.code, severity: 'error', field: rule.fields[0] as string },
          item,
        )
        expect(`${told.message.zh}${told.remedy.zh}${told.message.en}${told.remedy.en}`).not.toMatch(
          /undefined|\{\w+\}/,
        )
        expect(told.message.en.length).toBeGreaterThan(5)
      }
    }
  })
})
