import { DomainError } from './domain-error.ts'

const noPermission = () =>
  new DomainError('data.no-permission', {
    zh: '没有写数据文件夹的权限。',
    en: 'The data folder may not be written.',
    remedyZh: '更改权限，或用 XINHENG_DATA 指定别处。',
    remedyEn: 'Change its permissions or name another by XINHENG_DATA.',
    status: 503,
  })

const diskFull = () =>
  new DomainError('disk.full', {
    zh: '磁盘已满。',
    en: 'The disk is full.',
    remedyZh: '腾出空间后重试，已确认的数据不会丢失。',
    remedyEn: 'Free some space and try again; nothing acknowledged is lost.',
    status: 503,
  })

const noFolder = () =>
  new DomainError('data.no-folder', {
    zh: '数据文件夹的路径不能用：其中有不是文件夹的部分。',
    en: 'The data folder’s path does not work: a part of it is no folder.',
    remedyZh: '用 XINHENG_DATA 指定别处。',
    remedyEn: 'Name another by XINHENG_DATA.',
  })

const databaseDown = () =>
  new DomainError('database.down', {
    zh: '连不上数据库。',
    en: 'The database cannot be reached.',
    remedyZh: '检查 DATABASE_URL 与数据库服务是否运行。',
    remedyEn: 'Check DATABASE_URL and that the server runs.',
    status: 503,
  })

const databaseBusy = () =>
  new DomainError('database.busy', {
    zh: '数据库的连接已用完。',
    en: 'The database has no connection left.',
    remedyZh: '稍后再试，或提高 max_connections（本程序最多用 36 个）。',
    remedyEn: 'Try again, or raise max_connections (the program takes 36 at most).',
    status: 503,
  })

const loginRefused = () =>
  new DomainError('database.login', {
    zh: '数据库拒绝登录。',
    en: 'The database refused the login.',
    remedyZh: '检查 DATABASE_URL 中的用户名和密码。',
    remedyEn: 'Check user and password in DATABASE_URL.',
  })

const noDatabase = () =>
  new DomainError('database.missing', {
    zh: 'DATABASE_URL 指的数据库不存在。',
    en: 'The database that DATABASE_URL names does not exist.',
    remedyZh: '先建库：CREATE DATABASE 名称 ENCODING UTF8。',
    remedyEn: 'Create it: CREATE DATABASE name ENCODING UTF8.',
  })

/** Codes of the operating system and SQLSTATEs that have a cause which a person can put right. */
const FAULTS: Readonly<Record<string, () => DomainError>> = {
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  '53100': diskFull,
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: noPermission,
  ENOTDIR: noFolder,
  ENAMETOOLONG: noFolder,
  ECONNREFUSED: databaseDown,
  ECONNRESET: databaseDown,
  ENOTFOUND: databaseDown,
  EAI_AGAIN: databaseDown,
  ETIMEDOUT: databaseDown,
  EHOSTUNREACH: databaseDown,
  ENETUNREACH: databaseDown,
  '57P01': databaseDown,
  '57P03': databaseDown,
  '53300': databaseBusy,
  '28P01': loginRefused,
  '28000': loginRefused,
  '3D000': noDatabase,
}

/** What the system or the database said, as a sentence with a remedy; undefined where nobody but us is to blame. */
export function systemFault(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return FAULTS[code]?.()
  return typeof message === 'string' &&
    /^Connection terminated|timeout exceeded when trying to connect/.test(message)
    ? databaseDown()
    : undefined
}
