import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WorkingCalendar } from '../calendar/index.ts'
import { addMonths } from '../standardise/day.ts'
import type { ListDefinition } from './list.ts'
import { advanceCase, beginCase, type CaseEvent, type CaseState, dueOf } from './procedure.ts'

const words = { zh: '示例', en: 'example' }
const LIST: ListDefinition = {
  code: 'example',
  version: 1,
  inForceFrom: '2026-01-01',
  title: words,
  class: 'seriousDishonesty',
  authority: words,
  legalBasis: [{ document: '示例办法' }],
  objects: ['organisation'],
  criteria: [{ code: 'grave', words }],
  procedure: { decidedElsewhere: false, priorNotice: true, defence: { workingDays: 5 } },
  term: { months: 36, words },
  exits: [
    { kind: 'expired', words },
    { kind: 'revoked', words },
    { kind: 'repaired', words, afterMonths: 12, decideWorkingDays: 15 },
  ],
  sharing: 'P',
  publication: { where: 'here', words },
}
const calendar = new WorkingCalendar()
const clock = { addWorkingDays: (day: string, days: number) => calendar.addWorkingDays(day, days), addMonths }
const DEADLINES = { notice: 5, decision: 30, approval: 3, entry: 1, delisting: 7 }

function run(state: CaseState, ...events: readonly CaseEvent[]): CaseState {
  return events.reduce((now, event) => {
    const next = advanceCase(now, event, LIST, clock)
    if ('fault' in next) throw new Error(`${event.type}: ${next.fault}`)
    return next.state
  }, state)
}
const faultOf = (state: CaseState, event: CaseEvent) => {
  const next = advanceCase(state, event, LIST, clock)
  return 'fault' in next ? next.fault : undefined
}

const PROPOSED = beginCase({ by: 1, on: '2026-09-01' })
const NOTICED = run(PROPOSED, { type: 'notice', by: 1, on: '2026-09-02', servedOn: '2026-09-02' })

describe('the procedure of listing', () => {
  test('the defence runs five working days from the service, and is decided no day sooner', () => {
    expect(NOTICED.notice?.defenceUntil).toBe('2026-09-09')
    expect(faultOf(NOTICED, { type: 'proposeDecision', by: 1, on: '2026-09-09' })).toBe(
      'listing-case.defence-open',
    )
    expect(faultOf(NOTICED, { type: 'statement', by: 1, on: '2026-09-10' })).toBe('listing-case.defence-over')
    expect(run(NOTICED, { type: 'proposeDecision', by: 1, on: '2026-09-10' }).stage).toBe('decisionProposed')
  })

  test('a holiday lengthens the defence: 国庆 is nobody’s working day, the Saturday made up for it is', () => {
    const noticed = run(beginCase({ by: 1, on: '2026-09-29' }), {
      type: 'notice',
      by: 1,
      on: '2026-09-29',
      servedOn: '2026-09-29',
    })
    expect(noticed.notice?.defenceUntil).toBe('2026-10-12')
  })

  test('who proposed it, the case or the decision, does not decide it', () => {
    const waiting = run(NOTICED, { type: 'proposeDecision', by: 2, on: '2026-09-10' })
    for (const by of [1, 2])
      expect(faultOf(waiting, { type: 'decide', by, on: '2026-09-10' })).toBe('listing-case.own-act')
    expect(run(waiting, { type: 'decide', by: 3, on: '2026-09-10' }).stage).toBe('decided')
  })

  test('a refused decision can be proposed anew; a case can be dropped until then', () => {
    const waiting = run(NOTICED, { type: 'proposeDecision', by: 1, on: '2026-09-10' })
    expect(faultOf(waiting, { type: 'drop', by: 1, on: '2026-09-10' })).toBe('listing-case.stage')
    const back = run(waiting, { type: 'refuseDecision', by: 3, on: '2026-09-11' })
    expect(back.stage).toBe('noticed')
    expect(run(back, { type: 'drop', by: 1, on: '2026-09-11' }).stage).toBe('dropped')
  })

  test('no longer than the law, and not repaired before its time', () => {
    expect(faultOf(NOTICED, { type: 'proposeDecision', by: 1, on: '2026-09-10', termMonths: 37 })).toBe(
      'listing-case.term',
    )
    const listed = run(
      NOTICED,
      { type: 'proposeDecision', by: 1, on: '2026-09-10' },
      { type: 'decide', by: 3, on: '2026-09-10' },
      { type: 'entered', on: '2026-09-10' },
    )
    const ask = (on: string, kind: 'repaired' | 'revoked' | 'deregistered') =>
      faultOf(listed, { type: 'proposeDelisting', by: 1, on, kind })
    expect(ask('2027-09-10', 'repaired')).toBe('listing-case.too-early')
    expect(ask('2027-09-11', 'repaired')).toBeUndefined()
    expect(ask('2026-09-11', 'revoked')).toBeUndefined()
    expect(ask('2026-09-11', 'deregistered')).toBe('listing-case.exit')
  })

  test('each step has its last day, of the list’s law where that names one', () => {
    expect(dueOf(PROPOSED, LIST, DEADLINES, clock)).toEqual({ step: 'notice', on: '2026-09-08' })
    const listed = run(
      NOTICED,
      { type: 'proposeDecision', by: 1, on: '2026-09-10' },
      { type: 'decide', by: 3, on: '2026-09-10' },
      { type: 'entered', on: '2026-09-10' },
    )
    expect(dueOf(listed, LIST, DEADLINES, clock)).toBeUndefined()
    const leaving = run(listed, { type: 'proposeDelisting', by: 1, on: '2027-09-13', kind: 'repaired' })
    expect(leaving.stage).toBe('delistingProposed')
  })
})

test('whatever is tried in whatever order: nobody is listed without notice, a served defence and a second person', () => {
  const dayOf = (n: number) => new Date(Date.UTC(2026, 7, 20) + n * 86_400_000).toISOString().slice(0, 10)
  const by = fc.integer({ min: 1, max: 3 })
  const type = fc.constantFrom<CaseEvent['type']>(
    'notice',
    'statement',
    'proposeDecision',
    'decide',
    'refuseDecision',
    'drop',
    'entered',
    'proposeDelisting',
    'decideDelisting',
    'refuseDelisting',
    'left',
  )
  // In the order that leads on, with whatever else between, days that mostly go on, some that do not.
  const usual = [
    'notice',
    'proposeDecision',
    'decide',
    'entered',
    'proposeDelisting',
    'decideDelisting',
    'left',
  ] as const
  const event = fc.record({
    usual: fc.boolean(),
    type,
    by,
    gap: fc.integer({ min: -1, max: 12 }),
    servedGap: fc.constantFrom(0, 0, 0, 0, 1, -1),
    kind: fc.constantFrom('expired', 'revoked', 'repaired', 'deregistered'),
    termMonths: fc.constantFrom(undefined, undefined, 12, 36, 37, 0),
  })
  const events = fc.array(event, { maxLength: 30 }).map((list) => {
    let at = 5
    let place = 0
    return list.map(({ usual: asUsual, type, gap, servedGap, ...rest }): CaseEvent => {
      at = Math.max(0, at + gap)
      const chosen = asUsual ? (usual[place++ % usual.length] as CaseEvent['type']) : type
      return {
        ...rest,
        type: chosen,
        on: dayOf(at),
        servedOn: dayOf(Math.max(0, at + servedGap)),
      } as CaseEvent
    })
  })
  let listings = 0
  fc.assert(
    fc.property(by, events, (proposer, events) => {
      let state = beginCase({ by: proposer, on: dayOf(4) })
      for (const one of events) {
        const next = advanceCase(state, one, LIST, clock)
        if (!('fault' in next)) state = next.state
        if (
          ['decided', 'listed', 'delistingProposed', 'delistingDecided', 'delisted'].includes(state.stage)
        ) {
          listings++
          const { notice, decided, decisionProposed } = state
          expect(notice).toBeDefined()
          expect(clock.addWorkingDays(notice?.servedOn ?? '', 5)).toBe(notice?.defenceUntil)
          expect((decided?.on ?? '') > (notice?.defenceUntil ?? '')).toBe(true)
          expect(decided?.by).not.toBe(state.proposed.by)
          expect(decided?.by).not.toBe(decisionProposed?.by)
          expect(decisionProposed?.termMonths).toBeLessThanOrEqual(36)
        }
        if (state.stage === 'delistingDecided' || state.stage === 'delisted')
          expect(state.delistingDecided?.by).not.toBe(state.delistingProposed?.by)
      }
    }),
    { numRuns: 3_000, seed: 6 },
  )
  expect(listings).toBeGreaterThan(50)
})
