import { createServer } from 'node:net'
import { DomainError } from '../errors/domain-error.ts'

/** Why an address cannot be listened on, with what to do; undefined where that is not the matter. */
export function listeningFault(error: unknown, host: string, port: number): DomainError | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new DomainError('port.taken', {
        zh: `端口 ${port} 已被占用。`,
        en: `Port ${port} is taken.`,
        remedyZh: '停止占用它的程序，或换一个：PORT=8081 npm start',
        remedyEn: 'Stop what uses it, or take another: PORT=8081 npm start',
      })
    case 'EACCES':
      return new DomainError('port.forbidden', {
        zh: `没有监听端口 ${port} 的权限。`,
        en: `Port ${port} may not be listened on.`,
        remedyZh: '使用 1024 以上的端口：PORT=8080 npm start',
        remedyEn: 'Use one above 1024: PORT=8080 npm start',
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new DomainError('host.unknown', {
        zh: `本机没有地址 ${host}。`,
        en: `This machine has no address ${host}.`,
        remedyZh: '改正 HOST（本机：127.0.0.1；所有网卡：0.0.0.0）。',
        remedyEn: 'Correct HOST (this machine: 127.0.0.1; all interfaces: 0.0.0.0).',
      })
    default:
      return undefined
  }
}

/** Listens for a moment: what is taken is told before anything long begins. @throws DomainError */
export async function tryPort(host: string, port: number): Promise<void> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, resolve)
    })
    await new Promise<void>((resolve) => server.close(() => resolve()))
  } catch (error) {
    throw listeningFault(error, host, port) ?? error
  }
}
