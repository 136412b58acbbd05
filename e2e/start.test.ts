import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const data = mkdtempSync(join(tmpdir(), 'xinheng-e2e-'))
let product: Product
let browser: Browser
const said: string[] = []

interface Product {
  readonly base: string
  readonly seconds: number
  readonly process: ChildProcess
}

/** Starts the product as the README says, and waits for the address it prints. */
function start(): Promise<Product> {
  const begin = Date.now()
  const child = spawn('npm', ['start'], {
    cwd: PROJECT,
    env: { ...process.env, XINHENG_DATA: data, PORT: '0', LOG_LEVEL: 'info' },
    detached: true,
  })
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said.push(chunk.toString())
      const address = /portal\s+(http:\/\/\S+)\//.exec(said.join(''))
      if (address !== null)
        resolve({ base: address[1] as string, seconds: (Date.now() - begin) / 1000, process: child })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said.join('')}`)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) =>
    child.exitCode !== null || child.signalCode !== null ? resolve() : child.on('exit', () => resolve()),
  )
}

beforeAll(async () => {
  product = await start()
  browser = await chromium.launch({ executablePath: CHROMIUM as string, args: ARGUMENTS })
}, 480_000)

afterAll(async () => {
  await browser?.close()
  if (
    product.process.pid !== undefined &&
    product.process.exitCode === null &&
    product.process.signalCode === null
  )
    process.kill(-product.process.pid, 'SIGINT')
  await ended(product.process)
  rmSync(data, { recursive: true, force: true })
}, 480_000)

describe('npm start on an empty data folder', () => {
  test('fills the demo city, says each long step and prints the addresses', () => {
    const text = said.join('')
    for (const line of ['正在建立数据库', '正在启动数据库', '数据库已升级', '正在填充示例城市', '接口 API'])
      expect(text).toContain(line)
  })

  test('the city has what it promises: 5,000 organisations, 60 units, 20,000 permits and penalties delivered', async () => {
    const page = await (await fetch(`${product.base}/`)).text()
    const [subjects, units] = [...page.matchAll(/<dd>([\d,]+)<\/dd>/g)].map((match) =>
      Number((match[1] as string).replaceAll(',', '')),
    )
    expect(subjects).toBeGreaterThanOrEqual(5000)
    expect(units).toBe(60)
    const received = [...said.join('').matchAll(/(?:许可|处罚)-\S+ 收到 (\d+)/g)].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    )
    expect(received).toBeGreaterThanOrEqual(20_000)
  })

  test.each([390, 1440])(
    'a visitor finds a company by a part of its name and reads its record, at %i pixels',
    async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, javaScriptEnabled: false })
      await page.goto(product.base)
      const name = ((await page.locator('a.row-title').first().textContent()) ?? '').trim()
      await page.fill('input[type=search]', name.slice(3, 9))
      await page.press('input[type=search]', 'Enter')
      await page.locator('a.row-title', { hasText: name }).first().click()
      expect(await page.locator('h1').textContent()).toContain(name)
      await page.getByText('详情与历史版本').first().click()
      expect(await page.locator('main').textContent()).toContain('公示依据')
      const overflow = await page
        .locator('html')
        .evaluate((element) => element.scrollWidth - element.clientWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      await page.close()
    },
  )

  test('axe finds nothing on any page, wide or narrow', async () => {
    const { facts } = (await (
      await fetch(`${product.base}/api/v1/facts?item=penalty-organisation&limit=1`)
    ).json()) as { facts: { id: string; subject: { uscc: string } }[] }
    const fact = facts[0] as (typeof facts)[number]
    for (const width of [390, 1440]) {
      const context = await browser.newContext({ viewport: { width, height: 900 } })
      for (const path of [
        '/',
        '/search?q=示例市',
        '/search?q=没有这样的名称',
        `/subjects/${fact.subject.uscc}`,
        `/facts/${fact.id}`,
        '/penalties',
        '/lists',
        '/incentives',
        '/catalogue',
        '/catalogue/penalty-organisation',
        '/data',
        '/help',
        '/missing',
        '/?lang=en',
      ]) {
        const page = await context.newPage()
        await page.goto(product.base + path)
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
        const overflow = await page
          .locator('html')
          .evaluate((element) => element.scrollWidth - element.clientWidth)
        expect(`${path} ${overflow <= 0 ? 'fits' : 'overflows'}`).toBe(`${path} fits`)
        expect(violations.map((violation) => `${path} ${violation.id} ${violation.nodes[0]?.html}`)).toEqual(
          [],
        )
        await page.close()
      }
      await context.close()
    }
  }, 480_000)

  test('identity numbers are in no log, no page and no file but the deliverers’ own', async () => {
    const numbers = identityNumbers(join(data, 'demo'))
    expect(numbers.size).toBeGreaterThan(100)
    const pages = await Promise.all(
      [
        '/',
        '/penalties',
        '/permits',
        '/data/penalty-organisation.csv',
        '/data/permit-organisation.ndjson',
      ].map(async (path) => (await fetch(product.base + path)).text()),
    )
    const produced = [
      said.join(''),
      ...pages,
      ...filesBesides(data, ['demo', 'postgres', 'rejected']).map((path) => readFileSync(path, 'latin1')),
    ]
    for (const number of numbers) for (const text of produced) expect(text.includes(number)).toBe(false)
  })

  test('a kill -9 loses nothing: the next start takes seconds and shows the same', async () => {
    const before = await (
      await fetch(`${product.base}/api/v1/facts?item=penalty-organisation&limit=50`)
    ).text()
    process.kill(-(product.process.pid as number), 'SIGKILL')
    await ended(product.process)
    said.length = 0
    product = await start()
    expect(product.seconds).toBeLessThan(30)
    expect(said.join('')).not.toContain('正在填充')
    expect(
      await (await fetch(`${product.base}/api/v1/facts?item=penalty-organisation&limit=50`)).text(),
    ).toBe(before)
  }, 480_000)

  test('Ctrl-C ends it cleanly, database and all', async () => {
    process.kill(-(product.process.pid as number), 'SIGINT')
    await ended(product.process)
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false)
  }, 480_000)
})

/** Numbers of the made-up people in the demo's plain files. */
function identityNumbers(folder: string): Set<string> {
  const numbers = new Set<string>()
  for (const name of readdirSync(folder).filter((one) => /\.(?:csv|ndjson)$/.test(one))) {
    for (const match of readFileSync(join(folder, name), 'latin1').matchAll(
      /5199\d{2}(?:19|20)\d{6}000[\dX]/g,
    ))
      numbers.add(match[0])
  }
  return numbers
}

function filesBesides(folder: string, left: readonly string[]): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (left.includes(name)) return []
    return statSync(path).isDirectory() ? filesBesides(path, []) : statSync(path).isFile() ? [path] : []
  })
}
