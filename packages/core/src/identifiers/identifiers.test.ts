import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ageOn,
  birthDayOf,
  findIdNumberFaults,
  findOrganisationCodeFaults,
  findRegistrationNumberFaults,
  findUsccFaults,
  idNumberCheck,
  isRegistrationNumber,
  isUscc,
  looksLikeRegistrationNumber,
  lostItsLastDigits,
  modernIdNumber,
  organisationCodeCheck,
  standardiseIdentifier,
  subjectFormOfUscc,
  subjectKindOfUscc,
  usccCheck,
} from './index.ts'

const VALID = [
  '91510500204706718H',
  '9144030071526726XG',
  '914403001922038216',
  '91330100799655058B',
  '91110000802100433B',
  '11510500MB1A2C3D05',
  '12510500MB1A2C3D02',
  '52510500MB1A2C3D0X',
  '93510521MB1A2C3D04',
  '11510500MB0A1B2C6U',
  '12510502MB0T3E4R83',
  '52510500MJ7Q00014E',
  '53510500MJY0000289',
  '54510502MEA000018X',
  '91510500MA6TQ0014M',
  '91510503MA6TEQT06R',
  '92510521MA6TQ0W18B',
  '93510522MA6UQ0W277',
  'N2510524MF10000315',
  '31510500MD0000040N',
  'A1510500MC0000012G',
]
const isError = ({ severity }: { severity: string }) => severity === 'error'
const reasons = (code: string) => findUsccFaults(code).map((fault) => fault.reason)

describe('unified social credit code', () => {
  test.each(VALID)('%s is valid', (code) => {
    expect(isUscc(code)).toBe(true)
    expect(findUsccFaults(code).filter((fault) => fault.severity === 'error')).toEqual([])
  })

  test.each([
    ['91510500M6ATQ0014M', 'uscc.check'],
    ['91510500MA6TQ0024M', 'uscc.check'],
    ['91510500MA6TQ001M4', 'uscc.check'],
    ['9151O5OOMA6TQOO14M', 'uscc.alphabet'],
    ['91510500MA6TQ0014', 'uscc.length'],
    ['91510500MA6TQ0014M0', 'uscc.length'],
    ['91510500MA6TQ0014Z', 'uscc.alphabet'],
    ['M1510500MA6TQ00149', 'uscc.prefix'],
  ])('%s is refused for %s', (code, reason) => {
    expect(reasons(code)).toContain(reason)
    expect(isUscc(code)).toBe(false)
  })

  test('letters that look like digits are offered as a suggestion, never replaced', () => {
    expect(findUsccFaults('9151O5OOMA6TQOO14M')[0]).toMatchObject({
      suggestion: '91510500MA6TQ0014M',
      position: 5,
    })
  })

  test('a wrong inner check is a warning', () => {
    expect(findUsccFaults('91510500MA6TQ0015Q')).toEqual([
      { reason: 'uscc.organisation-check', severity: 'warning', position: 17 },
    ])
  })

  test('every wrong character at every place is caught', () => {
    const missed: string[] = []
    for (const code of VALID) {
      for (let at = 0; at < 18; at++) {
        for (const character of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
          const changed = code.slice(0, at) + character + code.slice(at + 1)
          if (changed !== code && (isUscc(changed) || !findUsccFaults(changed).some(isError)))
            missed.push(changed)
        }
      }
    }
    expect(missed).toEqual([])
  })

  test('every swap of neighbours is caught', () => {
    const missed: string[] = []
    for (const code of VALID) {
      for (let at = 0; at < 17; at++) {
        const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2)
        if (swapped !== code && isUscc(swapped)) missed.push(swapped)
      }
    }
    expect(missed).toEqual([])
  })

  test('the swap of the first and the last character passes the check, and is seen by the prefix alone', () => {
    expect(usccCheck('M1510500MA6TQ0014')).toBe('9')
    expect(reasons('M1510500MA6TQ00149')).toEqual(['uscc.prefix'])
  })

  test('the quick way and the full one agree on what is an error', () => {
    const near = fc
      .tuple(fc.constantFrom(...VALID), fc.nat(17), fc.string({ unit: 'grapheme', maxLength: 2 }))
      .map(([code, at, text]) => code.slice(0, at) + text + code.slice(at + 1))
    fc.assert(
      fc.property(near, (code) => {
        expect(isUscc(code)).toBe(!findUsccFaults(code).some(isError))
      }),
    )
  })

  test('all that is wrong is told at once, each with its place', () => {
    expect(findUsccFaults('Q1A10500MA6TQ0014M')).toEqual([
      { reason: 'uscc.region', severity: 'error', position: 3 },
      { reason: 'uscc.prefix', severity: 'error', position: 1 },
      { reason: 'uscc.check', severity: 'error', position: 18 },
    ])
    expect(reasons('9151O500')).toEqual(['uscc.length', 'uscc.alphabet'])
  })

  test('a letter that looks like no digit, or a guess that fails the check, is not offered', () => {
    expect(findUsccFaults('91510500MA6TQ0014Z')[0]?.suggestion).toBeUndefined()
    expect(findUsccFaults('91510500MA6TQVO14M')[0]?.suggestion).toBeUndefined()
  })

  test('a region that nobody knows is a warning', () => {
    expect(findUsccFaults('91510500MA6TQ0014M', () => false)).toEqual([
      { reason: 'uscc.region', severity: 'warning', position: 3 },
    ])
  })

  test('its first characters tell the kind of subject', () => {
    expect(
      [
        '11510500MB0A1B2C6U',
        '12510502MB0T3E4R83',
        '92510521MA6TQ0W18B',
        '91510500MA6TQ0014M',
        '52510500MJ7Q00014E',
      ].map(subjectKindOfUscc),
    ).toEqual(['publicBody', 'publicBody', 'individualBusiness', 'organisation', 'organisation'])
  })
})

describe('the form of a body', () => {
  test.each([
    ['11510500MB0A1B2C6U', 'governmentBody'],
    ['12510502MB0T3E4R83', 'publicInstitution'],
    ['52510500MJ7Q00014E', 'socialOrganisation'],
    ['53510500MJY0000289', 'socialOrganisation'],
    ['54510502MEA000018X', 'selfGovernment'],
    ['91510503MA6TEQT06R', 'enterprise'],
    ['92510521MA6TQ0W18B', 'individualBusiness'],
    ['93510522MA6UQ0W277', 'cooperative'],
    ['N2510524MF10000315', 'ruralCollective'],
    ['31510500MD0000040N', 'legalService'],
    ['A1510500MC0000012G', 'other'],
  ])('%s is of the form %s', (code, form) => {
    expect(subjectFormOfUscc(code)).toBe(form)
  })
})

describe('standardising identifiers', () => {
  test.each([
    ['91510500ma6tq0014m', ['LOWER_CASE']],
    ['９１５１０５００ＭＡ６ＴＱ００１４Ｍ', ['FULL_WIDTH']],
    [' 91510500MA6TQ0014M　', ['FULL_WIDTH', 'SPACES']],
    ['91510500-MA6TQ0014-M', ['SEPARATORS']],
    ['\u200b91510500MA6TQ0014M', ['SPACES']],
    ['\ufeff91510500MA6TQ0014M', ['SPACES']],
    ['91510500 MA6TQ001 4M', ['SPACES']],
    ["'91510500MA6TQ0014M", ['APOSTROPHE']],
  ])('%s becomes the code, and says how', (raw, repairs) => {
    expect(standardiseIdentifier(raw)).toEqual({ value: '91510500MA6TQ0014M', repairs, damaged: false })
  })

  test.each(['', '无', '暂无', 'null', '/', '—', '000000000000000', '00000000000000000X'])(
    '“%s” means that there is none',
    (raw) => {
      expect(standardiseIdentifier(raw).value).toBeUndefined()
    },
  )

  test('what a spreadsheet destroyed is told as such', () => {
    expect(['9.15105E+17', '9.15105e17', ' 9E+17 '].map((raw) => standardiseIdentifier(raw).damaged)).toEqual(
      [true, true, true],
    )
    expect(lostItsLastDigits('914403001922038000')).toBe(true)
  })

  test('a code of digits with one E among them is no number of a spreadsheet', () => {
    const body = '9151050012345E67'
    const code = [...'0123456789']
      .map((inner) => `${body}${inner}`)
      .map((it) => it + usccCheck(it))
      .find(isUscc)
    expect(standardiseIdentifier(` ${code?.toLowerCase()}`)).toMatchObject({ value: code, damaged: false })
    expect(standardiseIdentifier('2047e6718').damaged).toBe(false)
  })

  test.each([
    ['11010519491231002x', ['LOWER_CASE']],
    ['１１０１０５１９４９１２３１００２Ｘ', ['FULL_WIDTH']],
    ['110105 19491231 002X', ['SPACES']],
  ])('the specimen number %s becomes itself', (raw, repairs) => {
    expect(standardiseIdentifier(raw)).toEqual({ value: '11010519491231002X', repairs, damaged: false })
  })

  test('standardising twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 24 }), (raw) => {
        const once = standardiseIdentifier(raw)
        if (once.value !== undefined && !once.damaged)
          expect(standardiseIdentifier(once.value).value).toBe(once.value)
      }),
    )
  })
})

describe('other identifiers', () => {
  test.each(['20470671-8', 'MA6TQ001-4', 'MB0A1B2C-6', 'D2143569-X', '00001490-4'])(
    'organisation code %s is valid',
    (code) => {
      expect(organisationCodeCheck(code.slice(0, 8))).toBe(code[9])
    },
  )
  test.each(['20470671-8', 'MA6TQ001-4'])('organisation code %s is taken without its hyphen', (code) => {
    expect(findOrganisationCodeFaults(standardiseIdentifier(code).value ?? '')).toEqual([])
  })
  test.each([
    ['204706717', 'organisation-code.check'],
    ['20470671', 'organisation-code.length'],
    ['2047口6718', 'organisation-code.alphabet'],
  ])('organisation code %s is refused for %s', (code, reason) => {
    expect(findOrganisationCodeFaults(code)).toMatchObject([{ reason, severity: 'error' }])
  })
  test.each(['110108000000016', '510500000000123', '510502000012342', '510521600043215', '440301100000008'])(
    'registration number %s is valid',
    (number) => {
      expect(isRegistrationNumber(number)).toBe(true)
    },
  )
  test('a registration number with swapped or missing digits is odd', () => {
    for (const number of ['510502000012324', '51050200001234']) {
      expect(isRegistrationNumber(number)).toBe(false)
      expect(findRegistrationNumberFaults(number)).toMatchObject([
        { reason: 'registration-number.check', severity: 'warning' },
      ])
    }
  })
  test('a good check of a registration number is weak evidence: some swaps pass', () => {
    expect(['510502000099984', '510502000099894'].map(isRegistrationNumber)).toEqual([true, true])
  })
  test('a registration number is recognised where the unified code should stand', () => {
    expect(
      ['510502000012342', '5105021800123', '91510500MA6TQ0014M'].map(looksLikeRegistrationNumber),
    ).toEqual([true, true, false])
  })
  test.each(['企独川字第0001号', '5105021800123'])('the old number %s is kept', (number) => {
    expect(findRegistrationNumberFaults(number)).toEqual([
      { reason: 'registration-number.old-form', severity: 'warning' },
    ])
  })
})

describe('identity numbers', () => {
  const errors = (number: string) =>
    findIdNumberFaults(number, '2026-11-24')
      .filter((fault) => fault.severity === 'error')
      .map((fault) => fault.reason)

  test.each([
    '11010519491231002X',
    '440524188001010014',
    '51050219900101000X',
    '51052319650815000X',
    '810000199001010000',
  ])('specimen %s has no error', (number) => {
    expect(errors(number)).toEqual([])
  })
  test.each([
    ['110105194912310023', 'id-number.check'],
    ['51050219090101000X', 'id-number.check'],
    ['510502190002290006', 'id-number.birth-date'],
    ['510502190002301238', 'id-number.birth-date'],
    ['1101051949123100ZX', 'id-number.alphabet'],
    ['510502199002300009', 'id-number.birth-date'],
    ['51050220991231000X', 'id-number.birth-date'],
    ['11010519491231002', 'id-number.length'],
    ['990105194912310023', 'id-number.province'],
  ])('specimen %s is refused for %s', (number, reason) => {
    expect(errors(number)).toContain(reason)
  })
  test('an age over 120 and a sequence that is never issued are odd, not wrong', () => {
    expect(findIdNumberFaults('440524188001010014', '2026-11-24')).toEqual([
      { reason: 'id-number.age', severity: 'warning', position: 7 },
    ])
    expect(findIdNumberFaults('51050219900101000X', '2026-11-24')).toEqual([
      { reason: 'id-number.sequence', severity: 'warning', position: 15 },
    ])
  })
  test('a birth is no error on its own day, and is one the day before', () => {
    expect(errors('11010519491231002X')).toEqual([])
    expect(findIdNumberFaults('11010519491231002X', '1949-12-30').map(({ reason }) => reason)).toContain(
      'id-number.birth-date',
    )
    expect(findIdNumberFaults('11010519491231002X', '1949-12-31')).toEqual([])
  })
  test('an old number gains century and check', () => {
    expect(modernIdNumber('510502650815000')).toEqual({ value: '510502196508150008', converted: true })
    expect(modernIdNumber('110105491231002').value).toBe('11010519491231002X')
  })
  test('age is counted in full years', () => {
    expect(birthDayOf('51050220080301000X'.slice(0, 17) + idNumberCheck('51050220080301000'))).toBe(
      '2008-03-01',
    )
    expect([ageOn('2008-03-01', '2026-02-28'), ageOn('2008-03-01', '2026-03-01')]).toEqual([17, 18])
  })
  test('a fault never holds the number', () => {
    expect(JSON.stringify(findIdNumberFaults('110105194912310023', '2026-11-24'))).not.toContain('1949')
  })
})
