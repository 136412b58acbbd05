// Checks at a steady rate from another process than the server's, through the published client: the lists change twice,
// the server is killed and started again in the middle. Afterwards every question has one answer, each right by a truth
// that is computed from the delivered files alone, and no feedback is lost.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'
import { type Answer, connect, Problem, type Xinheng } from '../packages/client/src/machine/index.ts'
import { demoCity } from '../packages/testkit/src/index.ts'
import type { BenchOptions, BenchResult } from './run.ts'

const MAIN = join(PROJECT, 'apps/server/src/cli/main.ts')
const UNIT = '示例市公共资源交易中心'
const MATTER_SERIAL = '2031900001000'
const NEW_ENTRIES = 20
/** One question in so many is fed back. */
const FEEDBACK_EVERY = 10
/** Before a repetition: doubled each time, up to five seconds, as the client does. */
const REPEAT_AFTER_MS = 250
const LONGEST_PAUSE_MS = 5000
const run_ = promisify(execFile)

interface Asked {
  readonly key: string
  readonly code: string
  readonly sentAt: number
  answeredAt: number
  tries: number
  answer: Answer | undefined
  fault: string | undefined
}

/** Starts the product as its users do, on a data folder of its own. */
class Server {
  readonly #environment: NodeJS.ProcessEnv
  #child: ChildProcess | undefined

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment
  }

  start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, 'start'], { env: this.#environment })
    this.#child = child
    let said = ''
    return new Promise((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        said += chunk
        if (said.includes('接口 API')) resolve()
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said.slice(-2000)}`)))
    })
  }

  end(signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
    const child = this.#child as ChildProcess
    child.removeAllListeners('exit')
    return new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.kill(signal)
    })
  }
}

export async function run({ seconds = 60, rate = 300 }: BenchOptions): Promise<BenchResult> {
  const data = mkdtempSync(join(tmpdir(), 'xinheng-load-'))
  const port = await freePort()
  const environment = {
    ...process.env,
    XINHENG_DATA: data,
    PORT: String(port),
    OUTSIDE_PORTS: 'off',
    LOG_LEVEL: 'warn',
  }
  const server = new Server(environment)
  const cli = (...words: string[]) => run_(process.execPath, [MAIN, ...words], { env: environment })
  try {
    await server.start()
    const base = `http://127.0.0.1:${port}`
    const xinheng = await register(data, base, cli)
    const truth = truthOf(join(data, 'demo'))
    const unit = demoCity().units.find(({ name }) => name === UNIT)?.uscc
    const matter = `${unit}${MATTER_SERIAL}`
    await until(
      async () => (await ask(xinheng, matter, truth.clear[0] as string, 'warm-up-0001')) !== undefined,
    )
    // What the second list says: these were clear, are listed by the first change and gone after the second.
    const changing = truth.clear.slice(0, NEW_ENTRIES)
    const settled = new Set(changing)
    const changes: { from: number; to: number }[] = []
    const asked: Asked[] = []
    const fedBack = new Map<string, string>()
    const counts = { refusals503: 0, unreachable: 0, repeats: 0 }
    const codes = [...truth.listed, ...truth.clear.slice(0, 400)]
    const away = { from: 0, to: 0 }
    const begun = performance.now()
    const at = (share: number, work: () => Promise<void>) => sleep(share * seconds * 1000).then(work)
    const events = [
      at(0.2, () => change(truth.withEntries(changing), 'increment')),
      at(0.5, async () => {
        away.from = Date.now()
        await server.end('SIGKILL')
        await server.start()
        away.to = Date.now()
      }),
      at(0.75, () => change(truth.withEntries([]), 'snapshot')),
    ]
    async function change(csv: string, mode: string): Promise<void> {
      const path = join(data, `load-${mode}.csv`)
      writeFileSync(path, csv)
      const from = Date.now()
      const words = ['import', path, '--item', 'wage-arrears', '--source', truth.authority, '--mode', mode]
      const { rejected } = JSON.parse((await cli(...words, '--json')).stdout)
      if (rejected > 0) throw new Error(`${rejected} entries of the list were rejected`)
      // The set in memory follows within a second; what is in force is the database's to say at once.
      changes.push({ from, to: Date.now() })
    }
    const pending: Promise<void>[] = []
    for (let index = 0; index < seconds * rate; index++) {
      const due = begun + (index * 1000) / rate
      const wait = due - performance.now()
      if (wait > 1) await sleep(wait)
      const code = codes[(index * 7919) % codes.length] as string
      const one: Asked = {
        key: `load-${String(index).padStart(8, '0')}`,
        code,
        sentAt: Date.now(),
        answeredAt: 0,
        tries: 0,
        answer: undefined,
        fault: undefined,
      }
      asked.push(one)
      pending.push(untilAnswered(one))
    }
    async function untilAnswered(one: Asked): Promise<void> {
      one.answer = await repeated(one, () => ask(xinheng, matter, one.code, one.key))
      one.answeredAt = Date.now()
      const { answer } = one
      if (
        answer === undefined ||
        answer.result === 'clear' ||
        Number(one.key.slice(5)) % FEEDBACK_EVERY !== 0
      )
        return
      const key = `${one.key}-feedback`
      const given = await repeated(one, () =>
        xinheng.call.json({
          method: 'POST',
          path: `/api/v1/checks/${answer.number}/feedback`,
          headers: { 'idempotency-key': key },
          body: {
            applied: 'yes',
            effect: '拦截',
            done: '已中止资格审查',
            doneOn: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10),
          },
        }),
      )
      if (given !== undefined) fedBack.set(key, answer.number)
    }
    async function repeated<T>(one: Asked, work: () => Promise<T>): Promise<T | undefined> {
      for (let tries = 0; ; tries++) {
        try {
          one.tries++
          return await work()
        } catch (error) {
          const status = error instanceof Problem ? error.status : 0
          if (status >= 400 && status < 500 && status !== 429) {
            one.fault = String(error)
            return undefined
          }
          if (status === 503) counts.refusals503++
          else counts.unreachable++
          counts.repeats++
          await sleep(Math.min(LONGEST_PAUSE_MS, REPEAT_AFTER_MS * 2 ** tries) * (0.5 + Math.random()))
        }
      }
    }
    await Promise.all(events)
    await Promise.all(pending)
    const took = (performance.now() - begun) / 1000
    const stored = await storedChecks(data)
    await xinheng.close()
    const wrong = asked.filter((one) => !isRight(one))
    function isRight({ code, answer, sentAt, answeredAt }: Asked): boolean {
      if (answer === undefined) return false
      const listed = truth.listed.has(code)
      if (!settled.has(code))
        return (answer.result === 'intercept') === listed && (listed || answer.result === 'clear')
      const instant = Date.parse(answer.asOf)
      const [first, second] = changes
      const after = (one: { to: number } | undefined) =>
        one !== undefined && Math.max(instant, sentAt) > one.to
      const before = (one: { from: number } | undefined) => one === undefined || answeredAt < one.from
      if (before(first) || after(second)) return answer.result === 'clear'
      if (after(first) && before(second)) return answer.result === 'intercept'
      return answer.result === 'clear' || answer.result === 'intercept'
    }
    const lost = asked.filter(({ key, answer }) => {
      const rows = stored.checks.get(key) ?? []
      return rows.length !== 1 || rows[0]?.number !== answer?.number || rows[0]?.result !== answer?.result
    })
    const lostFeedback = [...fedBack].filter(([key, number]) => {
      const rows = stored.feedback.get(key) ?? []
      return rows.length !== 1 || rows[0] !== number
    })
    for (const one of [...wrong, ...lost].slice(0, 5))
      process.stderr.write(
        `! ${one.key} ${one.code} ${one.answer?.result} tries ${one.tries} ${one.fault ?? ''}\n`,
      )
    const once = asked.filter(({ tries, answer }) => tries <= 2 && answer !== undefined)
    const latenciesOf = (some: readonly Asked[]) =>
      some.map(({ answeredAt, sentAt }) => answeredAt - sentAt).sort((a, b) => a - b)
    const latencies = latenciesOf(once)
    // What waited for the server to come back says how long that took, not how long an answer takes.
    const undisturbed = latenciesOf(
      once.filter(({ answeredAt, sentAt }) => answeredAt < away.from || sentAt > away.to),
    )
    const result = {
      name: 'load',
      figures: {
        seconds,
        rate,
        asked: asked.length,
        answered: asked.filter(({ answer }) => answer !== undefined).length,
        perSecond: asked.length / took,
        p50Ms: quantile(latencies, 0.5),
        p99Ms: quantile(latencies, 0.99),
        awayMs: away.to - away.from,
        undisturbedP50Ms: quantile(undisturbed, 0.5),
        undisturbedP99Ms: quantile(undisturbed, 0.99),
        intercepts: asked.filter(({ answer }) => answer?.result === 'intercept').length,
        listChanges: changes.length,
        kills: 1,
        ...counts,
        wrong: wrong.length,
        lost: lost.length,
        feedback: fedBack.size,
        feedbackLost: lostFeedback.length,
      },
      ratios: {},
    }
    if (wrong.length + lost.length + lostFeedback.length > 0) process.exitCode = 1
    return result
  } finally {
    await server.end('SIGINT').catch(() => {})
    rmSync(data, { recursive: true, force: true })
  }
}

async function register(
  data: string,
  base: string,
  cli: (...words: string[]) => Promise<unknown>,
): Promise<Xinheng> {
  const pair = generateKeyPairSync('ed25519')
  const key = join(data, 'load.pem')
  writeFileSync(key, String(pair.publicKey.export({ type: 'spki', format: 'pem' })))
  const unit = demoCity().units.find(({ name }) => name === UNIT)?.uscc as string
  await cli(
    ...['client', 'add', 'load-bench', '--name', '压力测试', '--unit', unit, '--scope', 'check.ask'],
    ...['--address', '127.0.0.0/8', '--rate', '100000', '--key', key, '--reason', '压力测试'],
  )
  const reply = (await (await fetch(`${base}/api/v1/reply-key`)).json()) as { publicKey: string }
  return connect({
    base,
    client: 'load-bench',
    key: {
      id: 'key-1',
      algorithm: 'ed25519',
      privateKey: String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    },
    replyKeys: [reply.publicKey],
    sessionKeys: true,
    timeoutMs: 30_000,
  })
}

function ask(xinheng: Xinheng, matter: string, code: string, key: string): Promise<Answer> {
  return xinheng.call.json<Answer>({
    method: 'POST',
    path: '/api/v1/checks',
    headers: { 'idempotency-key': key },
    body: {
      matter,
      applicant: { kind: 'organisation', identifier: code, name: nameOf(code) },
      purpose: '投标资格审查',
      caseNumber: key,
    },
  })
}

const NAMES = new Map(demoCity().organisations.map(({ uscc, name }) => [uscc, name]))
const nameOf = (code: string): string => NAMES.get(code) ?? '示例市某某有限公司'

/** Who must be intercepted, read from the departments' files and nothing else. */
function truthOf(folder: string) {
  const files = readdirSync(folder)
  const text = (part: string, encoding: string) => {
    const file = files.find((name) => name.includes(part)) as string
    return new TextDecoder(encoding).decode(readFileSync(join(folder, file)))
  }
  const arrears = text('拖欠农民工工资', 'gb18030')
  const codesOf = (content: string) => content.toUpperCase().match(/\b9[12]5199[0-9A-Z]{12}\b/g) ?? []
  const listed = new Set(
    [arrears, text('严重违法失信', 'utf-8'), text('经营异常', 'gb18030')].flatMap((content) =>
      codesOf(content),
    ),
  )
  const clear = demoCity()
    .organisations.filter(
      ({ kind, uscc }) =>
        kind === 'enterprise' && !listed.has(uscc) && !text('失信被执行人', 'utf-8').includes(uscc),
    )
    .map(({ uscc }) => uscc)
  const lines = arrears.trimEnd().split(/\r?\n/)
  // A title may stand above.
  const headed = lines.findIndex((line) => line.includes('统一社会信用代码'))
  const header = (lines[headed] as string).split(',')
  const authority = demoCity().units.find(({ name }) => name === '示例市人力资源和社会保障局')?.uscc as string
  return {
    listed,
    clear,
    authority,
    /** The list as it was delivered, with further entries. */
    withEntries: (codes: readonly string[]) => {
      const pattern = (lines[headed + 1] as string).split(',')
      const more = codes.map((code, index) => {
        const row = [...pattern]
        const set = (title: string, value: string) => {
          row[header.indexOf(title)] = value
        }
        set('名称', nameOf(code))
        set('统一社会信用代码', code)
        set('决定书文号', `示列〔2026〕压${index + 1}号`)
        return row.join(',')
      })
      return `\ufeff${[...lines, ...more].join('\n')}\n`
    },
  }
}

/** What lies in the database, by the key of each question. */
async function storedChecks(data: string) {
  const password = readFileSync(join(data, 'superuser.password'), 'utf8').trim()
  const port = readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[3]
  const client = new pg.Client(`postgres://xinheng:${password}@127.0.0.1:${port}/xinheng`)
  await client.connect()
  try {
    const checks = await client.query(
      "SELECT idempotency_key AS key, number, result FROM xh.credit_check WHERE idempotency_key LIKE 'load-%'",
    )
    const feedback = await client.query(
      "SELECT f.idempotency_key AS key, c.number FROM xh.check_feedback f JOIN xh.credit_check c USING (check_id) WHERE f.idempotency_key LIKE 'load-%'",
    )
    return {
      checks: Map.groupBy(checks.rows as { key: string; number: string; result: string }[], ({ key }) => key),
      feedback: new Map(
        [...Map.groupBy(feedback.rows as { key: string; number: string }[], ({ key }) => key)].map(
          ([key, rows]) => [key, rows.map(({ number }) => number)] as const,
        ),
      ),
    }
  } finally {
    await client.end()
  }
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      if (await done()) return
    } catch (error) {
      if (tries > 240) throw error
    }
    await sleep(250)
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
