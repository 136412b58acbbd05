#!/usr/bin/env node
// The one test command: installs what the tests need, runs all of them, ends with the line `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { handOver, install, PROJECT } from './bring.mjs'

install()
browser()
const report = join(PROJECT, 'test-results', 'report.json')
mkdirSync(join(PROJECT, 'test-results'), { recursive: true })
rmSync(report, { force: true })
const code = await handOver(
  [
    join(PROJECT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  [],
)
const counted = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1 }
// A file that fails before its tests has none: it counts as one failure, not as nothing.
const broken = (counted.testResults ?? []).filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
).length
console.log(`${counted.numPassedTests} passed, ${counted.numFailedTests + broken} failed`)
process.exitCode = code === 0 && counted.numPassedTests > 0 && broken === 0 ? 0 : code || 1

/** Browser tests use the system's Chromium, with a font that has Han characters. */
function browser() {
  if (
    ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some((path) =>
      existsSync(path),
    ) &&
    hasHanFont()
  )
    return
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('· 正在安装 Chromium 与中文字体…  Installing Chromium and a CJK font…\n')
    const apt = (...args) =>
      spawnSync('apt-get', args, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    apt('update', '-qq')
    const result = apt('install', '-y', '-qq', 'chromium', 'fonts-noto-cjk')
    if (result.status === 0) return
    process.stderr.write(String(result.stderr))
  }
  process.stderr.write(
    '✗ 浏览器测试需要 Chromium 与中文字体（Debian：apt-get install chromium fonts-noto-cjk）。  The browser tests need Chromium and a CJK font (on Debian: apt-get install chromium fonts-noto-cjk).\n',
  )
  process.exit(1)
}

function hasHanFont() {
  const list = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' })
  return list.status !== 0 || list.stdout.trim() !== ''
}
