import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { LOGO, stylesheet, stylesheetPath } from './src/index.ts'
import { samplePages } from './src/sample.testing.ts'

/** Writes every page, with made-up data, as files to look at: `node apps/portal/preview.ts [--pictures]`. */

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** Widths of a telephone, a desk and a wall, in pixels. */
const WIDTHS = [390, 1440, 1920]

const folder = join(tmpdir(), 'portal-preview')
mkdirSync(join(folder, 'assets'), { recursive: true })
writeFileSync(join(folder, stylesheetPath), stylesheet)
writeFileSync(join(folder, 'assets', 'logo.svg'), LOGO)
const written = [...pagesIn('zh', ''), ...pagesIn('en', '-en')]
console.log(`${written.length} pages in ${folder}`)

if (process.argv.includes('--pictures')) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
  for (const width of WIDTHS) {
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    for (const path of written) {
      await page.goto(pathToFileURL(path).href)
      await page.screenshot({ path: path.replace('.html', `-${width}.png`), fullPage: true })
    }
    await page.close()
  }
  const page = await browser.newPage()
  await page.goto(pathToFileURL(join(folder, 'subject.html')).href)
  await page.pdf({ path: join(folder, 'subject.pdf'), preferCSSPageSize: true })
  await browser.close()
}

function pagesIn(language: 'zh' | 'en', suffix: string): string[] {
  return Object.entries(samplePages(language)).map(([name, page]) => {
    const path = join(folder, `${name}${suffix}.html`)
    // A file has no root of its own.
    writeFileSync(path, page.replaceAll('href="/assets/', 'href="assets/'))
    return path
  })
}
