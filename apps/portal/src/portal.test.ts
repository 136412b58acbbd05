import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import fc from 'fast-check'
import { chromium } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import {
  renderError,
  renderFact,
  renderHome,
  renderList,
  renderSearch,
  renderSubject,
  stylesheet,
  stylesheetPath,
} from './index.ts'
import {
  FOUND,
  FRAME,
  HOME,
  LIST,
  PENALTY,
  PERMIT,
  SUBJECT,
  samplePages,
  VERSIONS,
} from './sample.testing.ts'

const LANGUAGES = ['zh', 'en'] as const
const every = LANGUAGES.flatMap((language) =>
  Object.entries(samplePages(language)).map(([name, page]) => [`${name} (${language})`, page] as const),
)

/** What tells apart: parts that decide how a page looks, not what it says. */
const NOT_TEXT = new Set([
  'catalogueClass',
  'class',
  'where',
  'language',
  'kind',
  'sharing',
  'type',
  'visibility',
])
const MARKUP = `"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;`

/** Puts markup behind every text of a view. */
function poisoned<T>(view: T, name = ''): T {
  if (typeof view === 'string') return (NOT_TEXT.has(name) ? view : `${view}${MARKUP}`) as T
  if (Array.isArray(view)) return view.map((one) => poisoned(one, name)) as T
  if (view !== null && typeof view === 'object')
    return Object.fromEntries(Object.entries(view).map(([key, value]) => [key, poisoned(value, key)])) as T
  return view
}

describe('every page', () => {
  test.each(every)('%s says that the city is fictional', (_, page) => {
    expect(page).toMatch(
      /<aside class="fiction"[^>]*>(?:示例数据：本站城市、机构、人员与全部记录均为虚构。|Sample data: .+ fictional\.)<\/aside>/,
    )
  })

  test.each(every)('%s has no script and no style of its own, which the policy would refuse', (_, page) => {
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/i)
    expect(page).toContain(`href="${stylesheetPath}"`)
  })

  test.each(every)(
    '%s has one first heading, no heading that skips a rank and no name given twice',
    (_, page) => {
      const ranks = [...page.matchAll(/<h([1-6])[\s>]/g)].map((match) => Number(match[1]))
      expect(ranks.filter((rank) => rank === 1)).toHaveLength(1)
      for (const [i, rank] of ranks.entries()) expect(rank - (ranks[i - 1] ?? 0)).toBeLessThanOrEqual(1)
      const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
      expect(new Set(ids).size).toBe(ids.length)
    },
  )

  test.each(every)('%s leads nowhere by an undefined or missing value', (_, page) => {
    expect(page).not.toMatch(/undefined|\[object|NaN|>null<|datetime=""/)
  })

  test('a real city carries no notice', () => {
    for (const page of Object.values(samplePages('zh', undefined, { ...FRAME, fictional: false })))
      expect(page).not.toContain('虚构')
  })
})

describe('what was delivered', () => {
  const plain = samplePages('zh')
  const hostile = Object.entries({
    zh: samplePages('zh', poisoned),
    en: samplePages('en', poisoned),
  }).flatMap(([language, pages]) =>
    Object.entries(pages).map(([name, page]) => [`${name} (${language})`, name, page] as const),
  )

  test.each(hostile)('%s shows markup in any delivered text as text', (_, name, page) => {
    // As many tags of these kinds as without the markup: none.
    expect(page).not.toMatch(/<script|<img|<[^>]*\sonerror=/i)
    const altered = page.includes('alert(1)')
    expect(altered).toBe(!UNALTERED.has(name))
    if (altered) expect(page).toMatch(/&#60;script&#62;/)
    expect(plain[name]).not.toContain('alert(1)')
  })

  test('whatever the texts are, a page has the same tags', () => {
    const tags = (page: string) =>
      page
        .replace(/<mark>|<\/mark>/g, '')
        .match(/<[a-z/!][^\s>]*/gi)
        ?.join('')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const name = `甲${text}`
        const expected = { ...PENALTY, title: '甲', documentNumber: '甲', subject: { name: '甲', uscc: '9' } }
        const actual = { ...expected, title: name, documentNumber: name, subject: { name, uscc: name } }
        expect(tags(renderFact(FRAME, actual, []))).toBe(tags(renderFact(FRAME, expected, [])))
      }),
    )
  })

  test('links carry odd codes, names and keysets whole', () => {
    const ODD = 'a/b?c&d#e"f'
    const fact = { ...PENALTY, id: ODD, subject: { name: '甲', uscc: ODD } }
    const whole = encodeURIComponent(ODD)
    const page = renderFact(FRAME, fact, [])
    for (const link of [`/facts/${whole}`, `/subjects/${whole}`, `/api/v1/facts/${whole}`])
      expect(page).toContain(`href="${link}"`)
    const search = renderSearch(FRAME, { ...FOUND, query: 'a&b=c', next: 'k/2+3=' })
    const next = hrefs(search).find((href) => href.startsWith('/search?')) as string
    expect(Object.fromEntries(new URL(next, 'http://portal').searchParams)).toEqual({
      q: 'a&b=c',
      after: 'k/2+3=',
    })
  })
})

/** Pages of fixed words alone, and of views that are not altered. */
const UNALTERED = new Set([
  'ledger-empty',
  'home-empty',
  'search-blank',
  'subject-empty',
  'fact-permit',
  'permits-empty',
  'catalogue-persons',
  'not-found',
  'too-many',
  'failed',
  'unavailable',
])

function hrefs(page: string): string[] {
  return [...page.matchAll(/href="([^"]*)"/g)].map((match) =>
    (match[1] as string).replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
  )
}

describe('languages', () => {
  test('an English page links to English pages, and back to the same page in Chinese', () => {
    const page = renderList({ ...FRAME, language: 'en', path: '/penalties?unit=8&lang=en' }, LIST)
    expect(page).toContain('<html lang="en">')
    expect(hrefs(page)).toContain('/penalties?unit=8')
    const own = hrefs(page).filter((href) => /^\/(?!api|assets|data\/)/.test(href))
    for (const href of own.filter((one) => one !== '/penalties?unit=8')) expect(href).toMatch(/[?&]lang=en/)
    expect(page).toContain('name="lang" value="en"')
  })

  test('official text stays Chinese on an English page and says so', () => {
    const page = renderSubject({ ...FRAME, language: 'en' }, SUBJECT, undefined)
    expect(page).toContain(`<h1><span lang="zh-CN">${SUBJECT.name}</span></h1>`)
    const words = page
      .replace(/<(\w+)(?:\s[^>]*)?\slang="zh-CN"[^>]*>.*?<\/\1>/gs, '')
      .replace(/<head>.*<\/head>/s, '')
    expect(words).not.toMatch(/[一-龥]/)
  })

  test.each([
    '//elsewhere.example/',
    '/.//elsewhere.example',
    '//',
    '/\\elsewhere.example',
    '/a/../..//b',
    '/%E0%A4%A',
  ])('the link to the other language stays on this host, also on the page of %s', (path) => {
    const page = renderError({ ...FRAME, path }, 'notFound')
    for (const href of hrefs(page)) expect(href).toMatch(/^(?:\/(?![/\\])|https:\/\/credit\.example\/|#)/)
  })
})

describe('an organisation', () => {
  test('has the nine sections in the order of the public credit report, with their counts on the cover', () => {
    const page = renderSubject(FRAME, SUBJECT, undefined)
    const cover = page.slice(page.indexOf('<table class="cover">'))
    const rows = [
      ...cover.matchAll(/<th scope="row"><a href="#[a-z]+">([^<]+)<\/a><\/th><td class="number">(\d+)/g),
    ]
    expect(rows.map((row) => [row[1], Number(row[2])])).toEqual([
      ['基本信息', 1],
      ['行政管理', 3],
      ['诚实守信', 1],
      ['严重失信主体名单', 0],
      ['经营异常', 0],
      ['信用承诺', 1],
      ['信用评价', 0],
      ['司法判决', 0],
      ['其他信息', 0],
    ])
  })

  test('without facts says so in each section', () => {
    const page = renderSubject(FRAME, { ...SUBJECT, facts: [] }, undefined)
    expect(page.match(/查询期内无相关信息/g)).toHaveLength(9)
  })

  test('of which every fact has a section, whatever its class', () => {
    for (let catalogueClass = 1; catalogueClass <= 13; catalogueClass++) {
      const fact = { ...PERMIT, item: { ...PERMIT.item, catalogueClass } }
      expect(
        renderSubject(FRAME, { ...SUBJECT, facts: [fact] }, undefined).match(/查询期内无相关信息/g),
      ).toHaveLength(8)
    }
  })

  test('as it stood on a day says what it leaves out, and how to come back', () => {
    const page = renderSubject(FRAME, SUBJECT, '2026-07-01')
    expect(page).toContain('此后已撤下的信息不再显示')
    expect(page).toContain('value="2026-07-01"')
    expect(page).toContain('回到今天')
    expect(renderSubject(FRAME, SUBJECT, undefined)).not.toContain('回到今天')
  })

  test('with an adverse fact says so in words, and one under objection is marked wherever it is shown', () => {
    const pages = [
      renderSubject(FRAME, SUBJECT, undefined),
      renderFact(FRAME, PENALTY, []),
      renderList(FRAME, { ...LIST, facts: [PENALTY] }),
    ]
    for (const page of pages) expect(page).toContain('异议处理中')
    expect(pages[0]).toContain('行政处罚 · 失信信息')
    const { underObjection: _, ...settled } = PENALTY
    expect(renderFact(FRAME, settled, [])).not.toContain('异议处理中')
  })
})

describe('a fact', () => {
  test('shows what each earlier version said and what it was changed to', () => {
    const page = renderFact(FRAME, PENALTY, VERSIONS)
    const rows = [...page.matchAll(/<del>(.*?)<\/del>.*?<ins>(.*?)<\/ins>/gs)].map((match) =>
      match.slice(1, 3),
    )
    expect(rows).toEqual([
      ['8.000000', '0.800000'],
      ['0.800000', '8.000000'],
      ['<span class="soft">（空）</span>', '《城市道路管理条例》第四十二条'],
    ])
  })

  test('that ends asks the search engines to forget it with its term', () => {
    expect(renderFact(FRAME, PENALTY, [])).toContain('content="noarchive, unavailable_after: 2027-06-18"')
    expect(renderFact(FRAME, PERMIT, [])).toContain('content="noarchive"')
  })

  test('unchanged since it was collected says so', () => {
    expect(renderFact(FRAME, PERMIT, [])).toContain('自归集以来没有变更')
  })
})

describe('lists and search', () => {
  test('the next page keeps the filter, the first page drops the keyset', () => {
    const links = hrefs(renderList(FRAME, LIST)).filter((href) => href.startsWith('/penalties?'))
    const [first, next] = links.map((link) => Object.fromEntries(new URL(link, 'http://portal').searchParams))
    const filter = { unit: '8', category: '罚款', from: '2026-01-01' }
    expect(first).toEqual(filter)
    expect(next).toEqual({ ...filter, after: LIST.next })
  })

  test('a filter by kind is there only where kinds are known', () => {
    expect(renderList(FRAME, LIST)).toContain('<select id="category"')
    const { categories: _, ...without } = LIST
    expect(renderList(FRAME, without)).not.toContain('<select id="category"')
  })

  test('the parts that were meant are marked, given or found, and nothing of the name is lost', () => {
    const page = renderSearch(FRAME, FOUND)
    expect(page).toContain('示例市云岭区<mark>岚坞</mark>生态农业科技发展有限公司')
    expect(page).toContain('示例市<mark>岚坞</mark>农业有限公司')
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20))), (matched) => {
        const hit = { name: SUBJECT.name, uscc: '9', current: true, currentName: SUBJECT.name, matched }
        const link = /<a class="row-title"[^>]*>(.*?)<\/a>/.exec(
          renderSearch(FRAME, { ...FOUND, hits: [hit] }),
        )
        expect(link?.[1]?.replace(/<\/?mark>/g, '')).toBe(SUBJECT.name)
      }),
    )
  })

  test('an empty answer tells how to ask, and what may have been meant', () => {
    const page = samplePages('zh')['search-nothing'] as string
    expect(page).toContain('怎样查得更准')
    expect(hrefs(page)).toContain(`/search?${new URLSearchParams({ q: '岚坞生态农业' })}`)
  })

  test('an empty city has a front page', () => {
    expect(
      renderHome(FRAME, { ...HOME, permits: [], penalties: [] }).match(/查询期内无相关信息/g),
    ).toHaveLength(2)
  })
})

test('the stylesheet is small and its address changes with it', () => {
  expect(stylesheet.length).toBeLessThan(25_000)
  expect(stylesheetPath).toMatch(/^\/assets\/[0-9a-f]{12}\.css$/)
  expect(stylesheet).not.toMatch(/@import|url\(/)
})

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

test('axe finds nothing on any page, wide or narrow, and none is wider than its window', async () => {
  const browser = await chromium.launch({
    executablePath: CHROMIUM as string,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  })
  try {
    for (const width of [390, 1440]) {
      const context = await browser.newContext({ viewport: { width, height: 900 } })
      const page = await context.newPage()
      for (const [name, source] of every) {
        await page.setContent(source.replace('</head>', `<style>${stylesheet}</style></head>`))
        const overflow = await page.locator('html').evaluate((root) => root.scrollWidth - root.clientWidth)
        expect(`${name} ${width}: ${overflow <= 0}`).toBe(`${name} ${width}: true`)
        // The English pages have the same elements: once is enough.
        if (width === 390 && name.endsWith('(en)')) continue
        // The pages hold no frames, for whose sake a second page would be opened each time.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
        expect(violations.map((one) => `${name} ${width}: ${one.id} ${one.nodes[0]?.html}`)).toEqual([])
      }
      await context.close()
    }
  } finally {
    await browser.close()
  }
}, 400_000)
