import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DomainError } from '../errors/domain-error.ts'

/** The project's root folder. */
export const PROJECT = fileURLToPath(new URL('../../../../../', import.meta.url))

/** Every setting there is: name, default and meaning. `xinheng doctor` prints this table. */
export const SETTINGS = [
  {
    name: 'DATABASE_URL',
    fallback: '',
    zh: '迁移用的数据库连接；留空则启动内置 PostgreSQL',
    en: 'connection of the migrator; empty: the embedded PostgreSQL',
  },
  {
    name: 'DATABASE_URL_APP',
    fallback: '',
    zh: '服务登录 xh_app 的连接；留空则自动建立',
    en: 'connection of xh_app; empty: made by the migrator',
  },
  { name: 'DATABASE_URL_LOAD', fallback: '', zh: '装载登录 xh_load 的连接', en: 'connection of xh_load' },
  {
    name: 'DATABASE_URL_PORTAL',
    fallback: '',
    zh: '门户登录 xh_portal 的连接',
    en: 'connection of xh_portal',
  },
  { name: 'DATABASE_URL_JOB', fallback: '', zh: '后台登录 xh_job 的连接', en: 'connection of xh_job' },
  {
    name: 'DATABASE_URL_LEDGER',
    fallback: '',
    zh: '账本登录 xh_ledger 的连接',
    en: 'connection of xh_ledger',
  },
  {
    name: 'DATABASE_URL_ACCESS',
    fallback: '',
    zh: '登录与会话专用登录 xh_access 的连接',
    en: 'connection of xh_access, which alone reads what sign-in needs',
  },
  { name: 'XINHENG_DATA', fallback: 'data', zh: '数据文件夹', en: 'data folder' },
  {
    name: 'XINHENG_KEY',
    fallback: '',
    zh: '主密钥（32字节 base64url）；留空则在数据文件夹内生成',
    en: 'main key (32 bytes, base64url); empty: made in the data folder',
  },
  {
    name: 'XINHENG_LEDGER_KEY',
    fallback: '',
    zh: '账本签名密钥（Ed25519 种子，32字节 base64url）；留空则在数据文件夹内生成',
    en: 'key that signs the ledger’s heads (Ed25519 seed, 32 bytes, base64url); empty: made in the data folder',
  },
  { name: 'XINHENG_POLICY', fallback: 'policy', zh: '政策文件夹', en: 'policy folder' },
  {
    name: 'SIGN_IN_PROFILE',
    fallback: 'dengbao',
    zh: '登录与密码规则（policy/sign-in 下的文件）',
    en: 'rules of signing in: a file under policy/sign-in',
  },
  {
    name: 'PUBLIC_ORIGIN',
    fallback: '',
    zh: '对外访问地址，如 https://credit.example.gov.cn；留空为本机地址',
    en: 'address under which people reach it; empty: this machine’s',
  },
  {
    name: 'OIDC_ISSUER',
    fallback: '',
    zh: '统一身份认证（OIDC）的签发者地址；留空则不启用',
    en: 'issuer of the single sign-on (OIDC); empty: none',
  },
  { name: 'OIDC_CLIENT_ID', fallback: '', zh: '本系统在其中的客户端编号', en: 'our client id there' },
  { name: 'OIDC_CLIENT_SECRET', fallback: '', zh: '其密钥', en: 'and its secret' },
  {
    name: 'SMTP_URL',
    fallback: '',
    zh: '告警邮件服务器 smtp://用户:密码@主机:端口',
    en: 'mail server for alarms',
  },
  { name: 'SMTP_FROM', fallback: '', zh: '告警邮件发件人', en: 'sender of alarm mails' },
  {
    name: 'XINHENG_WEBHOOK_ALLOW',
    fallback: '',
    zh: '告警可推送的内网主机或网段，逗号分隔',
    en: 'inner hosts or networks that webhooks may call, by commas',
  },
  { name: 'HOST', fallback: '127.0.0.1', zh: '监听地址', en: 'address to listen on' },
  { name: 'PORT', fallback: '8080', zh: '监听端口', en: 'port to listen on' },
  {
    name: 'OUTSIDE_PORTS',
    fallback: '',
    zh: '示例城市三个外部系统的端口，逗号分隔；留空为 PORT 之后三个；off 为不启动',
    en: 'ports of the demo city’s three outside systems, by commas; empty: the three after PORT; off: none run',
  },
  { name: 'LOG_LEVEL', fallback: 'info', zh: '日志级别', en: 'level of the log' },
] as const

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

export type LoginName = 'app' | 'load' | 'portal' | 'job' | 'ledger' | 'access'
export const LOGINS: readonly LoginName[] = ['app', 'load', 'portal', 'job', 'ledger', 'access']

export interface Settings {
  readonly databaseUrl: string | undefined
  readonly loginUrls: Partial<Record<LoginName, string>>
  readonly dataFolder: string
  readonly key: string | undefined
  readonly ledgerKey: string | undefined
  readonly policyFolder: string
  readonly signInProfile: string
  /** Scheme, host and port that people see, without a slash at the end. */
  readonly publicOrigin: string
  readonly singleSignOn:
    | { readonly issuer: string; readonly clientId: string; readonly clientSecret: string }
    | undefined
  readonly host: string
  readonly port: number
  /** Of the demo city's outside systems; empty: they do not run. */
  readonly outsidePorts: readonly number[]
  readonly logLevel: string
  /** Absent: no mail is sent. */
  readonly mail: { readonly url: string; readonly from: string } | undefined
  /** Hosts and networks of the operator's own that webhooks may call. */
  readonly webhookAllowed: readonly string[]
}

/**
 * Reads the settings and checks all of them.
 * @throws DomainError `settings.invalid` naming every fault at once
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const value = (name: (typeof SETTINGS)[number]['name']): string => {
    const given = environment[name]
    return given === undefined || given === ''
      ? (SETTINGS.find((setting) => setting.name === name)?.fallback ?? '')
      : given
  }
  const faults: string[] = []
  const url = (name: (typeof SETTINGS)[number]['name']): string | undefined => {
    const text = value(name)
    if (text === '') return undefined
    if (!/^postgres(?:ql)?:\/\//.test(text)) faults.push(`${name}: postgres://…`)
    return text
  }
  const port = Number(value('PORT'))
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push('PORT: 0…65535')
  const outside = value('OUTSIDE_PORTS')
  const outsidePorts =
    outside === 'off'
      ? []
      : outside === ''
        ? [1, 2, 3].map((step) => (port === 0 ? 0 : port + step))
        : outside.split(',').map(Number)
  if (outside !== '' && outsidePorts.some((one) => !Number.isInteger(one) || one < 0 || one > 65_535))
    faults.push('OUTSIDE_PORTS: 8081,8082,8083 | off')
  if (!LOG_LEVELS.includes(value('LOG_LEVEL'))) faults.push(`LOG_LEVEL: ${LOG_LEVELS.join(' | ')}`)
  const key = value('XINHENG_KEY')
  if (key !== '' && Buffer.from(key, 'base64url').length !== 32)
    faults.push('XINHENG_KEY: 32 bytes, base64url')
  const profile = value('SIGN_IN_PROFILE')
  if (!/^[a-z][a-z0-9-]{0,47}$/.test(profile)) faults.push('SIGN_IN_PROFILE: dengbao | asvs')
  const origin = value('PUBLIC_ORIGIN').replace(/\/$/, '')
  if (origin !== '' && (!URL.canParse(origin) || new URL(origin).origin !== origin))
    faults.push('PUBLIC_ORIGIN: https://host[:port]')
  const issuer = value('OIDC_ISSUER')
  if (issuer !== '' && !isSafeIssuer(issuer)) faults.push('OIDC_ISSUER: https://…')
  if (issuer !== '' && (value('OIDC_CLIENT_ID') === '' || value('OIDC_CLIENT_SECRET') === ''))
    faults.push('OIDC_CLIENT_ID, OIDC_CLIENT_SECRET')
  const ledgerKey = value('XINHENG_LEDGER_KEY')
  if (ledgerKey !== '' && Buffer.from(ledgerKey, 'base64url').length !== 32)
    faults.push('XINHENG_LEDGER_KEY: 32 bytes, base64url')
  const smtpUrl = value('SMTP_URL')
  const smtpFrom = value('SMTP_FROM')
  if (smtpUrl !== '' && !/^smtps?:\/\//.test(smtpUrl)) faults.push('SMTP_URL: smtp://… | smtps://…')
  if (smtpUrl !== '' && smtpFrom === '') faults.push('SMTP_FROM')
  const databaseUrl = url('DATABASE_URL')
  const loginUrls: Partial<Record<LoginName, string>> = {}
  for (const login of LOGINS) {
    const given = url(`DATABASE_URL_${login.toUpperCase()}` as (typeof SETTINGS)[number]['name'])
    if (given !== undefined) loginUrls[login] = given
  }
  if (faults.length > 0) {
    throw new DomainError('settings.invalid', {
      zh: `环境设置有误：${faults.join('；')}。`,
      en: `Settings are wrong: ${faults.join('; ')}.`,
      remedyZh: '改正这些环境变量。',
      remedyEn: 'Correct these environment variables.',
    })
  }
  return {
    databaseUrl,
    loginUrls,
    dataFolder: resolve(PROJECT, value('XINHENG_DATA')),
    key: key === '' ? undefined : key,
    ledgerKey: ledgerKey === '' ? undefined : ledgerKey,
    policyFolder: resolve(PROJECT, value('XINHENG_POLICY')),
    signInProfile: profile,
    publicOrigin: origin === '' ? `http://${value('HOST')}:${port}` : origin,
    singleSignOn:
      issuer === ''
        ? undefined
        : { issuer, clientId: value('OIDC_CLIENT_ID'), clientSecret: value('OIDC_CLIENT_SECRET') },
    host: value('HOST'),
    port,
    outsidePorts,
    logLevel: value('LOG_LEVEL'),
    mail: smtpUrl === '' ? undefined : { url: smtpUrl, from: smtpFrom },
    webhookAllowed: value('XINHENG_WEBHOOK_ALLOW')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  }
}

/** Over a network only encrypted; on this machine, for a test, also plain. */
function isSafeIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname))
}
